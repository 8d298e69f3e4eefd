import { Fleet, type Intent } from '../../src/reactors/fleet.js';

const limits = { removalsPerMinute: 10, removalsPerMinuteInAll: 25, devicesPerMinute: 3 };

describe('what all devices share', () => {
  let now = 0;
  let fleet: Fleet;
  beforeEach(() => {
    now = 0;
    fleet = new Fleet(limits, () => now);
  });

  const intent = (device: string, removals: number, changes = Math.max(1, removals), held = 1_000): Intent => ({
    device,
    removals,
    changes,
    held,
  });
  /** Does it where nothing holds it; says what holds it otherwise. */
  const tried = (wanted: Intent): string | undefined => {
    const brake = fleet.brakeFor(wanted);
    if (brake === undefined) fleet.began(wanted);
    return brake?.code;
  };

  it('stops a device that loses more within a minute than it may, however small each step is', () => {
    expect([4, 4, 2, 1].map((count) => tried(intent('leaf1', count)))).toEqual([
      undefined,
      undefined,
      undefined,
      'removal-rate',
    ]);
    expect(fleet.brakeFor(intent('leaf1', 1))?.detail).toContain('1 lines after 10 within a minute');
    expect(tried(intent('leaf2', 1))).toBeUndefined();
  });

  it('holds it also when the minute is over, until an operator released it or nothing is to go any more', () => {
    tried(intent('leaf1', 11));
    now = 600_000;
    expect(tried(intent('leaf1', 1))).toBe('removal-rate');
    fleet.released('leaf1');
    expect(tried(intent('leaf1', 1))).toBeUndefined();
    expect(tried(intent('leaf1', 11))).toBe('removal-rate');
    expect(tried(intent('leaf1', 0))).toBeUndefined();
    now = 700_000;
    expect(tried(intent('leaf1', 1))).toBeUndefined();
  });

  it('counts over all devices together', () => {
    const wide = new Fleet({ ...limits, devicesPerMinute: 50 }, () => now);
    for (const device of ['leaf1', 'leaf2']) wide.began(intent(device, 10));
    expect(wide.brakeFor(intent('leaf3', 6))?.detail).toContain('on all devices');
    expect(wide.brakeFor(intent('leaf4', 5))).toBeUndefined();
  });

  it('lets so many devices change within a minute; the others wait their turn and need nobody', () => {
    for (const device of ['leaf1', 'leaf2', 'leaf3']) expect(tried(intent(device, 0))).toBeUndefined();
    expect(tried(intent('leaf4', 0))).toBe('change-budget');
    expect(tried(intent('leaf1', 0))).toBeUndefined();
    const due = fleet.dueMs(fleet.brakeFor(intent('leaf4', 0))) ?? 0;
    expect(due).toBe(60_000);
    now += due;
    expect(tried(intent('leaf4', 0))).toBeUndefined();
  });

  describe('in a broad change', () => {
    const broad = (device: string): Intent => intent(device, 0, 200);

    it('sends one device first, and the others when that one was read back', () => {
      let woken = 0;
      fleet.onRelease(() => woken++);
      expect(tried(broad('leaf1'))).toBeUndefined();
      expect(tried(broad('leaf2'))).toBe('canary');
      expect(fleet.brakeFor(broad('leaf2'))?.detail).toContain('leaf1');
      expect(tried(intent('leaf3', 0, 2))).toBeUndefined();
      fleet.ended('leaf1', 'confirmed');
      expect(woken).toBe(1);
      expect(tried(broad('leaf2'))).toBeUndefined();
    });

    it('goes no further than a device that did not take it, until that one did', () => {
      tried(broad('leaf1'));
      fleet.ended('leaf1', 'failed');
      now = 600_000;
      expect(tried(broad('leaf2'))).toBe('canary');
      expect(tried(broad('leaf1'))).toBeUndefined();
      fleet.ended('leaf1', 'confirmed');
      expect(tried(broad('leaf2'))).toBeUndefined();
    });

    it('does not wait for a device that went away, nor for one that never came to an end', () => {
      tried(broad('leaf1'));
      fleet.ended('leaf1', 'unreachable');
      expect(tried(broad('leaf2'))).toBeUndefined();
      expect(tried(broad('leaf3'))).toBe('canary');
      now = 61_000;
      expect(tried(broad('leaf3'))).toBeUndefined();
    });
  });
});
