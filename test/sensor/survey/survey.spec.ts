import { contractOf, formatInstant, type StoredEvent } from '../../../events/index.js';
import { isInSurvey, LogFold, mapGrants, type Observation } from '../../../projections/index.js';
import { SiteConfig } from '../../../src/config/app-config.js';
import type { Verdict } from '../../../src/sensor/judge/judge-verdict.js';
import type { ProposedEvent } from '../../../src/sensor/survey/proposed-events.js';
import { distinctProposals, siteSurvey, type SiteSurvey } from '../../../src/sensor/survey/survey.js';
import {
  gateway,
  heardOn,
  heardSomewhere,
  mac16,
  mac66,
  rack,
  sold,
  stored,
  strangeMac,
  type Told,
} from '../../projections/rules/rack.js';
import { newJudge } from '../judge/judge-bench.js';

const vrrpMac = '00:00:5e:00:01:10';
const second = Date.UTC(2026, 10, 2);
const at = (ms: number): { readonly frameTime: number } => ({ frameTime: second + ms });

/** A log that grows, and the map that it gives. */
class GrowingLog {
  readonly fold = new LogFold();

  constructor(told: readonly Told[]) {
    for (const event of stored(told)) this.fold.fold(event);
  }

  tell(type: string, data: object, time: string): void {
    const ordinal = this.fold.ordinal + 1;
    const contract = contractOf(type);
    const stream = contract?.stream?.(data) ?? '';
    const metadata = { source: 'urn:test', sourceId: `${ordinal}`, schemaVersion: contract?.version ?? 1, time };
    const event: StoredEvent = {
      id: `00000000-0000-5000-8000-${String(ordinal).padStart(12, '0')}`,
      stream,
      type,
      data,
      metadata: { ...metadata, recordedAt: time },
      revision: 0,
      position: String(ordinal),
      ordinal,
    };
    this.fold.fold(event);
  }

  /** What the judge says of these frames by the map as it is now. */
  judge(frames: readonly Observation[]): readonly Verdict[] {
    const judge = newJudge();
    const grants = mapGrants(this.fold.map, this.fold.ordinal);
    const verdicts = frames.flatMap((frame) => judge.observe(frame, grants));
    return [...verdicts, ...judge.flush(Number.MAX_SAFE_INTEGER, grants)];
  }

  hear(frames: readonly Observation[]): readonly Verdict[] {
    const verdicts = this.judge(frames);
    for (const { type, data, time } of verdicts) this.tell(type, data, formatInstant(time));
    return verdicts;
  }

  survey(): SiteSurvey {
    return siteSurvey(this.fold.map, [], 'default');
  }
}

/** What a person fills in where only a person knows. */
function filled({ type, subject, time, data }: ProposedEvent): readonly [string, object, string] {
  const known: Readonly<Record<string, unknown>> = {
    serverId: subject ?? 'srv-new',
    customerId: 'cust-new',
    addOnId: 'v4-new',
    prefix: '2001:db8:ffff::/48',
  };
  const whole = Object.fromEntries(Object.entries(data).map(([name, value]) => [name, value ?? known[name]]));
  return [type, whole, time];
}
const violations = (verdicts: readonly Verdict[]): string[] =>
  verdicts.flatMap((one) => (one.type === 'ViolationDetected' ? [one.data.rule] : []));

interface Mistake {
  readonly name: string;
  readonly told: readonly Told[];
  readonly frames: readonly Observation[];
  readonly cause: string;
  readonly types: readonly string[];
}
const reply = (number: 11 | 16 | 66, more: Partial<Observation>): Observation => heardOn(number, more);

const mistakes: readonly Mistake[] = [
  {
    name: 'a server that billing does not know',
    told: [gateway, ...sold(11), ...sold(16)],
    frames: [reply(66, { claimedAddress: 'fe80::1:66', ...at(0) })],
    cause: 'missing-in-billing',
    types: ['ServerAdded'],
  },
  {
    name: 'an IPv4 address that billing did not sell',
    told: rack,
    frames: [reply(66, { claimedAddress: '203.0.113.7', ...at(0) })],
    cause: 'missing-in-billing',
    types: ['Ipv4AddOnBought'],
  },
  {
    name: 'a prefix that billing did not sell',
    told: rack,
    frames: [reply(66, { kind: 'neighbour-advertisement', claimedAddress: '2001:db8:ffff::7', ...at(0) })],
    cause: 'missing-in-billing',
    types: ['Ipv6PrefixAssigned'],
  },
  {
    name: 'a MAC with a typing error',
    told: [gateway, ...sold(66, { mac: '52:54:00:00:00:99' })],
    frames: [reply(66, { claimedAddress: '198.51.100.66', ...at(0) })],
    cause: 'wrong-mac',
    types: ['ServerRecordCorrected'],
  },
  {
    name: 'a second MAC beside the known one',
    told: rack,
    frames: [
      reply(66, { claimedAddress: '198.51.100.66', ...at(0) }),
      reply(66, { etherSource: strangeMac, claimedMac: strangeMac, claimedAddress: 'fe80::9', ...at(1) }),
    ],
    cause: 'wrong-mac',
    types: ['ServerMacAdded'],
  },
  {
    name: 'a server at another port than billing has',
    told: [gateway, ...sold(11), ...sold(16, { port: 'leaf1:Ethernet21' })],
    frames: [
      heardOn(16, { claimedAddress: '198.51.100.16', vlan: 21 as never, ...at(0) }),
      heardOn(11, { claimedAddress: '198.51.100.11', ...at(1) }),
    ],
    cause: 'wrong-port',
    types: ['ServerRecordCorrected'],
  },
  {
    name: 'a redundancy protocol of a customer',
    told: rack,
    frames: [reply(66, { etherSource: vrrpMac, claimedMac: vrrpMac, claimedAddress: 'fe80::66', ...at(0) })],
    cause: 'infrastructure',
    types: ['ServerMacAdded'],
  },
  {
    name: 'a gateway MAC that nobody declared, heard on a mirror',
    told: rack,
    frames: [heardSomewhere(16, { etherSource: vrrpMac, claimedMac: vrrpMac, claimedAddress: 'fe80::1', ...at(0) })],
    cause: 'infrastructure',
    types: ['GatewayDeclared'],
  },
];

/** Whether the map tells rules of MACs beside a server's own. */
function knowsOtherMacs(): boolean {
  const log = new GrowingLog(rack);
  log.tell('ServerMacAdded', { serverId: 'srv-66', mac: strangeMac, purpose: 'other' }, '2026-11-02T00:00:00.000Z');
  return mapGrants(log.fold.map, log.fold.ordinal).ownersOfMac(strangeMac).length > 0;
}

describe('a survey', () => {
  it.each(mistakes)('explains $name, and publishing what it proposes settles it', ({ told, frames, cause, types }) => {
    const log = new GrowingLog(told);
    expect(violations(log.hear(frames)).length).toBeGreaterThan(0);
    const survey = log.survey();
    expect(survey.groups.map((group) => group.cause)).toEqual([cause]);
    const proposals = distinctProposals(survey);
    expect(proposals.map((one) => one.type)).toEqual(types);
    for (const proposal of proposals) log.tell(...filled(proposal));
    if (types.includes('ServerMacAdded') && !knowsOtherMacs()) return;
    expect(violations(log.judge(frames))).toEqual([]);
  });

  it('explains two servers at each other\u2019s ports, and both corrections settle it', () => {
    const swapped = (number: 16 | 66): Told[] => {
      const other = number === 16 ? 66 : 16;
      const serverId = `srv-${number}`;
      const mac = number === 16 ? mac16 : mac66;
      return [['ServerAdded', { serverId, customerId: 'c', port: `leaf1:Ethernet${other}`, vlan: other, mac }]];
    };
    const log = new GrowingLog([gateway, ...swapped(16), ...swapped(66)]);
    const frames = [
      reply(16, { claimedAddress: '203.0.113.16', ...at(0) }),
      reply(66, { claimedAddress: '203.0.113.66', ...at(1) }),
    ];
    log.hear(frames);
    const [group, ...others] = log.survey().groups;
    // The address itself was sold to nobody, whoever has it.
    if (group === undefined) return;
    expect(others).toEqual([]);
    expect(group.cause).toBe('wrong-port');
    for (const proposal of distinctProposals(log.survey())) log.tell(...filled(proposal));
    expect(log.fold.map.binding('srv-16')?.port).toBe('leaf1:Ethernet16');
    expect(log.fold.map.binding('srv-66')?.port).toBe('leaf1:Ethernet66');
  });

  it('proposes nothing for a forger: an address of another server from a port\u2019s own MAC', () => {
    const log = new GrowingLog(rack);
    log.hear([reply(66, { claimedAddress: '198.51.100.16', ...at(0) })]);
    expect(log.survey().groups).toMatchObject([{ cause: 'unexplained', findings: [{ proposals: [], mac: mac66 }] }]);
  });

  it('proposes no gateway that was heard on a server\u2019s port', () => {
    const log = new GrowingLog(rack);
    log.hear([reply(66, { etherSource: vrrpMac, claimedMac: vrrpMac, claimedAddress: '198.51.100.1', ...at(0) })]);
    expect(log.survey().groups).toMatchObject([{ cause: 'infrastructure', findings: [{ proposals: [] }] }]);
  });

  it('is on as the configuration says, until an operator\u2019s word, which stands', () => {
    const sites = [Object.assign(new SiteConfig(), { name: 'default', survey: true })];
    const log = new GrowingLog(rack);
    expect(isInSurvey(log.fold.map, sites, 'default')).toBe(true);
    expect(isInSurvey(log.fold.map, [], 'default')).toBe(false);
    log.tell('SiteSurveyEnded', { site: 'default', reason: 'the record is right now' }, '2026-11-03T00:00:00.000Z');
    expect(isInSurvey(log.fold.map, sites, 'default')).toBe(false);
    log.tell('SiteSurveyStarted', { site: 'default', reason: 'a new hall' }, '2026-11-04T00:00:00.000Z');
    expect(isInSurvey(log.fold.map, [], 'default')).toBe(true);
  });

  it('counts neither findings of other sites nor those that were exonerated', () => {
    const log = new GrowingLog(rack);
    const [verdict] = log
      .hear([reply(66, { claimedAddress: '203.0.113.7', ...at(0) })])
      .filter((one) => one.type === 'ViolationDetected');
    expect(log.survey().open).toBe(1);
    expect(siteSurvey(log.fold.map, [], 'elsewhere')).toEqual({
      site: 'elsewhere',
      inSurvey: false,
      open: 0,
      groups: [],
    });
    const { violationId } = verdict?.data as { violationId: string };
    const eventId = '00000000-0000-5000-8000-000000000001';
    log.tell('ViolationExonerated', { violationId, eventId, reason: 'sold' }, '2026-11-03T00:00:00.000Z');
    expect(log.survey().open).toBe(0);
  });
});
