import type { Observation } from '../../../projections/index.js';
import { BoundedMemory } from '../../../projections/rules/rule-memory.js';
import { macFlapping } from '../../../projections/rules/mac-flapping.rule.js';
import { gatewayMac, grantsOf, heardOn, heardSomewhere, mac16, rack, shownBySwitch, strangeMac } from './rack.js';

describe('mac-flapping', () => {
  const grants = grantsOf(rack);
  const start = heardOn(16, {}).frameTime;
  const at = (port: 11 | 16 | 66, afterMs: number, etherSource = strangeMac): Observation =>
    heardOn(port, { etherSource, frameTime: start + afterMs });
  const judgeAll = (heard: readonly Observation[], home?: (at: number) => number | undefined) => {
    let now = start;
    const memory = new BoundedMemory(macFlapping.memory?.entries ?? 0, () => home?.(now));
    return heard.map((observation) => {
      now = observation.frameTime;
      return macFlapping.judge(observation, grants, memory);
    });
  };
  const fires = (heard: readonly Observation[], home?: (at: number) => number | undefined): boolean[] =>
    judgeAll(heard, home).map((finding) => finding !== undefined);
  const turns = (count: number, everyMs = 1_000): Observation[] =>
    Array.from({ length: count }, (_, turn) => at(turn % 2 === 0 ? 16 : 66, turn * everyMs));

  it('fires at the fifth move within three minutes', () => {
    expect(fires(turns(7))).toEqual([false, false, false, false, false, true, true]);
  });

  it('counts what the owner sends at home, which no rule sees, and names it as victim', () => {
    const away = [0, 1, 2, 3].map((turn) => at(66, turn * 1_000, mac16));
    expect(fires(away, (now) => now - 500)).toEqual([false, false, true, true]);
    expect(fires(away, () => start - 500)).toEqual([false, false, false, false]);
    expect(judgeAll(away, (now) => now - 500)[2]).toMatchObject({
      offendingMac: mac16,
      offender: { serverId: 'srv-66' },
      victim: { serverId: 'srv-16' },
    });
  });

  it('fires on rows of MAC tables read one after the other, and blames nobody', () => {
    const rows = turns(6).map((one) => ({ ...one, kind: 'mac-table' as const, attribution: 'mac-table' as const }));
    expect(judgeAll(rows)[5]).toMatchObject({ offender: undefined });
  });

  it('fires on the third message of a switch that a MAC moved, not on one', () => {
    const message = (afterMs: number) =>
      shownBySwitch('switch-message', {
        etherSource: mac16,
        said: 'mac-move',
        port: heardOn(16, {}).port,
        frameTime: start + afterMs,
      });
    expect(fires([message(0), message(15_000), message(30_000)])).toEqual([false, false, true]);
  });

  it.each([
    ['one move', [at(16, 0), at(66, 1_000), at(66, 2_000), at(66, 3_000)]],
    ['a failover and back', turns(3)],
    [
      'a MAC that tables show at its port and at an uplink in turns',
      turns(8).map((one, turn) =>
        shownBySwitch('mac-table', {
          etherSource: mac16,
          port: turn % 2 === 0 ? one.port : ('leaf1:Ethernet49' as never),
          frameTime: one.frameTime,
        }),
      ),
    ],
    ['moves that are far apart', turns(12, 46_000)],
    ['a MAC that stays', [0, 1, 2, 3, 4, 5].map((turn) => at(16, turn))],
    [
      'what a mirror hears as well',
      turns(8).map((one, turn) =>
        turn % 2 ? heardSomewhere(16, { etherSource: strangeMac, frameTime: one.frameTime }) : one,
      ),
    ],
    [
      "the gateway's MAC where the port is not proven",
      turns(8).map((one) => ({ ...one, etherSource: gatewayMac, attribution: 'mac-table' as const })),
    ],
  ])('stays silent on %s', (_name, heard) => expect(fires(heard)).toEqual(heard.map(() => false)));

  it('is one violation for a MAC, whatever addresses it claims', () => expect(macFlapping.about).toBe('mac'));
});
