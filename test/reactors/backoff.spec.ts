import { Backoff } from '../../src/reactors/backoff.js';

describe('the backoff', () => {
  let now = 0;
  let backoff: Backoff;
  beforeEach(() => {
    now = 1_000;
    backoff = new Backoff(() => now);
  });

  it('waits twice as long after each failure, up to its bound', () => {
    const waits = [1, 2, 3, 4, 5].map(() => {
      backoff.failed('vlan16', 3_000);
      const due = backoff.nextDueMs() ?? 0;
      now += due;
      return due;
    });
    expect(waits).toEqual([500, 1_000, 2_000, 3_000, 3_000]);
  });

  it('keeps keys apart, and names the next one that is due', () => {
    backoff.failed('vlan16');
    now += 300;
    backoff.failed('vlan11');
    expect(backoff.nextDueMs()).toBe(200);
    now += 200;
    expect([backoff.isWaiting('vlan16'), backoff.isWaiting('vlan11')]).toEqual([false, true]);
    expect(backoff.due()).toEqual(['vlan16']);
  });

  it('lets a key be tried again at a hint, but not ten times in a row', () => {
    for (let failure = 0; failure < 6; failure++) backoff.failed('vlan16');
    backoff.forgiven('vlan16');
    expect(backoff.nextDueMs()).toBe(100);
    backoff.forgiven('vlan11');
    now += 100;
    expect(backoff.isWaiting('vlan16')).toBe(false);
  });

  it('forgives every key at a hint that names none', () => {
    for (const key of ['vlan16', 'vlan11']) for (let failure = 0; failure < 6; failure++) backoff.failed(key);
    now += 200;
    backoff.forgiven();
    expect(backoff.due().sort()).toEqual(['vlan11', 'vlan16']);
  });

  it('has nothing due any more once a key was tried without failing, so that nobody is woken for it', () => {
    backoff.failed('vlan16');
    backoff.failed('vlan11');
    now += 500;
    const due = backoff.due();
    backoff.failed('vlan11');
    backoff.forget(due);
    expect(backoff.nextDueMs()).toBe(1_000);
    expect(backoff.due()).toEqual([]);
  });

  it('starts anew after a success', () => {
    for (let failure = 0; failure < 6; failure++) backoff.failed('vlan16');
    backoff.succeeded('vlan16');
    expect(backoff.nextDueMs()).toBeUndefined();
    backoff.failed('vlan16');
    expect(backoff.nextDueMs()).toBe(500);
  });
});
