import { catalogue, decodeData, type SwitchName } from '../../../events/index.js';
import { grantsOf, heardOn, mac16, mac66, rack, strangeMac, type Told } from '../../projections/rules/rack.js';
import { normalTraffic } from '../../projections/rules/normal-traffic.js';
import { newJudge, noonMs, sightingsIn, spoofAt, storedFrom, strangerAt, violationsIn } from './judge-bench.js';

const grants = grantsOf(rack);
const replaced = grantsOf([...rack, ['ServerNicReplaced', { serverId: 'srv-16', mac: strangeMac }]]);

describe('a violation', () => {
  it('is told at the first frame, with port, victim and offender, in data that events can read back', () => {
    const [verdict] = violationsIn(newJudge().observe(spoofAt(7), grants));
    expect(verdict).toMatchObject({ type: 'ViolationDetected', sensor: 'leaf1-e66', time: noonMs + 7 });
    expect(verdict?.data).toMatchObject({
      rule: 'address-spoof',
      ruleVersion: 2,
      severity: 'high',
      port: 'leaf1:Ethernet66',
      vlan: 66,
      attribution: 'interface',
      observation: 'arp-reply',
      etherSource: mac66,
      claimedMac: mac66,
      claimedAddress: '198.51.100.16',
      frameTime: '2026-11-02T12:00:00.007Z',
      judgedAtOrdinal: rack.length - 1,
      offenderServerId: 'srv-66',
      offenderCustomerId: 'cust-66',
      victimServerId: 'srv-16',
      victimCustomerId: 'cust-16',
    });
    expect(decodeData('ViolationDetected', 2, verdict?.data)).toEqual({ readable: true, data: verdict?.data });
  });

  it('stays readable with the longest names and an address that events cannot name', () => {
    const long = 'a'.repeat(63);
    const odd = spoofAt(0, {
      switch: long as SwitchName,
      port: undefined,
      claimedAddress: '::ffff:198.51.100.16',
      claimedMac: 'ff:ff:ff:ff:ff:ff',
      attribution: 'unknown',
    });
    const judge = newJudge({ inFlightWindowMs: 0 });
    const verdicts = [...judge.observe(odd, grants), ...judge.flush(noonMs + 1, grants)];
    expect(violationsIn(verdicts)).toHaveLength(1);
    for (const { type, data } of verdicts) {
      expect(decodeData(type, catalogue[type].version, data)).toMatchObject({ readable: true });
    }
  });

  it('names no offender where the port is not a fact', () => {
    const [verdict] = violationsIn(newJudge().observe(spoofAt(0, { attribution: 'mac-table' }), grants));
    expect(verdict?.data).toMatchObject({ rule: 'address-spoof', victimServerId: 'srv-16' });
    expect(verdict?.data).not.toHaveProperty('offenderServerId');
  });

  it.each([
    ['rule', { kind: 'router-advertisement' }],
    ['port', { port: 'leaf1:Ethernet67' }],
    ['claimed address', { claimedAddress: '198.51.100.11' }],
    ['offending MAC', { claimedMac: mac16, etherSource: mac16 }],
  ] as [string, object][])('is another one with another %s', (_name, difference) => {
    const judge = newJudge();
    const first = violationsIn(judge.observe(spoofAt(0), grants))[0];
    const second = violationsIn(judge.observe(spoofAt(1, difference), grants))[0];
    expect(second?.type).toBe('ViolationDetected');
    expect(second?.data).not.toMatchObject({ violationId: (first?.data as { violationId: string }).violationId });
  });

  it('is the same one from another sensor, with another kind of frame or another target', () => {
    const judge = newJudge();
    judge.observe(spoofAt(0), grants);
    expect(violationsIn(judge.observe(spoofAt(1, { sensor: 'other', kind: 'arp-request' }), grants))).toEqual([]);
  });
});

describe('a repeated violation', () => {
  it('is counted, and told once in ten seconds', () => {
    const judge = newJudge();
    judge.observe(spoofAt(0), grants);
    for (let ms = 1_000; ms < 11_000; ms += 1_000) expect(violationsIn(judge.observe(spoofAt(ms), grants))).toEqual([]);
    const [verdict, ...rest] = judge.flush(noonMs + 11_000, grants);
    expect(rest).toEqual([]);
    expect(verdict).toMatchObject({ type: 'ViolationRepeated', time: noonMs + 10_000 });
    expect(verdict?.data).toMatchObject({
      count: 10,
      firstFrameTime: '2026-11-02T12:00:01.000Z',
      lastFrameTime: '2026-11-02T12:00:10.000Z',
    });
    expect(judge.flush(noonMs + 60_000, grants)).toEqual([]);
  });

  it('goes on where the log left off after a restart', () => {
    const before = newJudge().observe(spoofAt(0), grants);
    const after = newJudge({}, storedFrom(before));
    expect(after.observe(spoofAt(60_000), grants)).toEqual([]);
    expect(after.flush(noonMs + 70_000, grants)).toMatchObject([{ type: 'ViolationRepeated', data: { count: 1 } }]);
  });

  it('is a detection again when the first one could not be stored', () => {
    const judge = newJudge();
    const [first] = violationsIn(judge.observe(spoofAt(0), grants));
    judge.forget((first?.data as { violationId: string }).violationId);
    expect(violationsIn(judge.observe(spoofAt(1), grants))).toMatchObject([{ type: 'ViolationDetected' }]);
  });

  it('is not the one let go while others were heard longer ago', () => {
    const judge = newJudge({ openViolations: 2 });
    const other = { claimedAddress: '198.51.100.11' };
    judge.observe(spoofAt(0), grants);
    judge.observe(spoofAt(1, other), grants);
    judge.observe(spoofAt(2), grants);
    judge.observe(spoofAt(3, { claimedAddress: '2001:db8:16::1' }), grants);
    expect(violationsIn(judge.observe(spoofAt(4), grants))).toEqual([]);
    expect(violationsIn(judge.observe(spoofAt(5, other), grants))).toMatchObject([{ type: 'ViolationDetected' }]);
  });

  it('tells its count before it is let go to make room', () => {
    const judge = newJudge({ openViolations: 2 });
    judge.observe(spoofAt(0), grants);
    judge.observe(spoofAt(1), grants);
    judge.observe(spoofAt(2, { claimedAddress: '198.51.100.11' }), grants);
    const verdicts = judge.observe(spoofAt(3, { claimedAddress: '2001:db8:16::1' }), grants);
    expect(verdicts.map((one) => one.type)).toEqual(['ViolationRepeated', 'ViolationDetected']);
    expect(judge.counts.open).toBe(2);
  });
});

describe('the in-flight window', () => {
  it('settles silently when billing says so in time', () => {
    const judge = newJudge();
    expect(violationsIn(judge.observe(strangerAt(0), grants))).toEqual([]);
    expect(judge.flush(noonMs + 4_999, grants)).toEqual([]);
    expect(judge.counts.inFlight).toBe(1);
    expect(judge.flush(noonMs + 5_000, replaced)).toEqual([]);
    expect(judge.counts).toMatchObject({ inFlight: 0, open: 0 });
  });

  it('tells the first frame, and later the others, when billing stays silent', () => {
    const judge = newJudge();
    for (const ms of [0, 1_000, 2_000]) expect(violationsIn(judge.observe(strangerAt(ms), grants))).toEqual([]);
    expect(judge.flush(noonMs + 5_000, grants)).toMatchObject([
      { type: 'ViolationDetected', data: { rule: 'unknown-mac', frameTime: '2026-11-02T12:00:00.000Z' } },
    ]);
    expect(judge.flush(noonMs + 15_000, grants)).toMatchObject([
      { type: 'ViolationRepeated', data: { count: 2, firstFrameTime: '2026-11-02T12:00:01.000Z' } },
    ]);
  });

  it('starts counting repeats when it ended, also when nobody looked just then', () => {
    const judge = newJudge();
    for (const ms of [0, 1_000]) judge.observe(strangerAt(ms), grants);
    expect(violationsIn(judge.observe(heardOn(11, { frameTime: noonMs + 12_000 }), grants))).toMatchObject([
      { type: 'ViolationDetected' },
    ]);
    expect(violationsIn(judge.observe(strangerAt(14_999), grants))).toEqual([]);
    expect(judge.flush(noonMs + 15_000, grants)).toMatchObject([{ type: 'ViolationRepeated', data: { count: 2 } }]);
  });

  it('is ended by a later frame as by the clock', () => {
    const judge = newJudge();
    judge.observe(strangerAt(0), grants);
    expect(violationsIn(judge.observe(heardOn(11, { frameTime: noonMs + 5_000 }), grants))).toHaveLength(1);
  });

  it('gives another finding where that is what billing’s event leaves', () => {
    const judge = newJudge();
    judge.observe(strangerAt(0), grants);
    const elsewhere: Told[] = [
      ['ServerNicReplaced', { serverId: 'srv-11', mac: strangeMac }],
      ['Ipv4AddOnCancelled', { serverId: 'srv-16', addOnId: 'v4-16' }],
    ];
    expect(judge.flush(noonMs + 5_000, grantsOf([...rack, ...elsewhere]))).toMatchObject([
      { type: 'ViolationDetected', data: { rule: 'mac-moved' } },
    ]);
  });

  it.each([
    ['address-spoof', spoofAt(0)],
    ['gateway-impersonation', spoofAt(0, { claimedAddress: '198.51.100.1' })],
    ['rogue-router-advertisement', spoofAt(0, { kind: 'router-advertisement' })],
  ])('never holds back %s, also from an unknown MAC', (rule, observation) => {
    const forged = { ...observation, etherSource: strangeMac, claimedMac: strangeMac };
    expect(violationsIn(newJudge().observe(forged, grants))).toMatchObject([{ data: { rule } }]);
  });

  it('holds so many findings; above that the oldest is judged at once', () => {
    const judge = newJudge({ waitingFindings: 3 });
    const frames = [1, 2, 3, 4].map((n) => strangerAt(n, { etherSource: `02:00:00:00:00:0${n}` }));
    const verdicts = frames.flatMap((frame) => violationsIn(judge.observe(frame, grants)));
    expect(verdicts).toMatchObject([{ data: { etherSource: '02:00:00:00:00:01' } }]);
    expect(judge.counts.inFlight).toBe(3);
  });

  it('does not hold back what was a violation before', () => {
    const judge = newJudge();
    const first = [...judge.observe(strangerAt(0), grants), ...judge.flush(noonMs + 5_000, grants)];
    const after = newJudge({}, storedFrom(first));
    after.observe(strangerAt(60_000), grants);
    expect(after.counts).toMatchObject({ inFlight: 0, open: 1 });
  });

  it('is settled when the clock is set back, not when it has caught up again', () => {
    const judge = newJudge();
    judge.observe(strangerAt(3_600_000), grants);
    expect(violationsIn(judge.flush(noonMs, grants))).toHaveLength(1);
  });
});

describe('MAC sightings', () => {
  it('are told once per change of port, VLAN and MAC', () => {
    const judge = newJudge();
    const at = (ms: number, etherSource: string) =>
      sightingsIn(judge.observe(heardOn(16, { etherSource, frameTime: noonMs + ms }), grants));
    expect(at(0, mac16)).toMatchObject([{ data: { port: 'leaf1:Ethernet16', vlan: 16, mac: mac16 } }]);
    expect(at(1, mac16)).toEqual([]);
    expect(at(2, strangeMac)).toHaveLength(1);
    expect(at(3, mac16)).toHaveLength(1);
  });

  it('are not told again after a restart', () => {
    const heard = heardOn(16, { frameTime: noonMs });
    const before = newJudge().observe(heard, grants);
    expect(before).toHaveLength(1);
    expect(newJudge({}, storedFrom(before)).observe(heard, grants)).toEqual([]);
  });

  it('are told twenty times a port and minute, the rest counted, and the last one told when there is room', () => {
    const judge = newJudge({ waitingFindings: 1_000 });
    const at = (ms: number, n: number) => {
      const etherSource = `02:00:00:00:01:${n.toString(16).padStart(2, '0')}`;
      return sightingsIn(judge.observe(heardOn(16, { etherSource, frameTime: noonMs + ms }), grants)).length;
    };
    const told = Array.from({ length: 50 }, (_, n) => at(n, n)).reduce((sum, one) => sum + one, 0);
    expect(told).toBe(20);
    expect(judge.counts.suppressedSightings).toBe(30);
    expect(sightingsIn(judge.observe(heardOn(66, { frameTime: noonMs + 60 }), grants))).toHaveLength(1);
    expect(at(60_000, 49)).toBe(1);
  });

  it.each([
    ['an unproven port', { attribution: 'mac-table' }],
    ['no VLAN', { vlan: undefined }],
    ['a group MAC', { etherSource: '01:00:5e:00:00:01' }],
  ] as [string, object][])('are not told for %s', (_name, difference) => {
    expect(sightingsIn(newJudge().observe(heardOn(16, difference), grants))).toEqual([]);
  });
});

describe('normal traffic', () => {
  it('leaves nothing but sightings', () => {
    const judge = newJudge();
    for (const observation of Object.values(normalTraffic)) {
      expect(violationsIn(judge.observe(observation, grants))).toEqual([]);
    }
    expect(violationsIn(judge.flush(noonMs + 1e6, grants))).toEqual([]);
  });
});
