import {
  type TriageAct,
  triageActs,
  type TriageCell,
  type TriageState,
  triageStates,
  triageTable,
} from '../../projections/index.js';
import {
  containmentRequested,
  type Fact,
  fold,
  instantOf,
  violationAcknowledged,
  violationCommented,
  violationDetected,
  violationExonerated,
  violationMarkedFalsePositive,
  violationMuted,
  violationMuteEnded,
  violationQuiet,
  violationRepeated,
  violationResolved,
  violationTicketLinked,
} from '../support/history.js';
import { expectGenerated, markdownTable } from '../support/markdown.js';
import { forgery } from '../support/forgery.js';

const by = 'token:night-shift';
const found = violationDetected('v1', forgery, 1);
const reach: Readonly<Record<TriageState, readonly Fact[]>> = {
  new: [],
  acknowledged: [violationAcknowledged('v1', { by, assignee: by }, 5)],
  resolved: [violationResolved('v1', { by }, 5)],
  'false-positive': [violationMarkedFalsePositive('v1', { by, comment: 'a cluster' }, 5)],
  exonerated: [violationExonerated('v1', { eventId: 'fact-7', reason: 'sold before' }, 5)],
};
/** What makes each act happen, ten minutes after the first frame; frames of minute 9. */
const told: Readonly<Record<TriageAct, Fact>> = {
  'heard-again': violationRepeated('v1', { count: 2, firstFrameTime: instantOf(8), lastFrameTime: instantOf(9) }, 10),
  exonerate: violationExonerated('v1', { eventId: 'fact-8', reason: 'sold late' }, 10),
  quiet: violationQuiet('v1', { lastFrameTime: instantOf(1), hours: 24 }, 10),
  acknowledge: violationAcknowledged('v1', { by, assignee: 'token:network' }, 10),
  resolve: violationResolved('v1', { by, comment: 'unplugged' }, 10),
  'false-positive': violationMarkedFalsePositive('v1', { by, comment: 'a cluster' }, 10),
  comment: violationCommented('v1', { by, text: 'who is it?' }, 10),
  ticket: violationTicketLinked('v1', { by, url: 'https://tickets.example/1' }, 10),
  contain: containmentRequested('v1', { serverId: 'srv-66', by, reason: 'it forges', evidence: '/v1/x' }, 10),
  mute: violationMuted('m1', { violationId: 'v1', reason: 'known', until: instantOf(60), by }, 10),
  unmute: violationMuteEnded('m1', { by }, 10),
};
const cells = triageStates.flatMap((state) => triageActs.map((act) => [state, act] as const));
const rowAfter = (facts: readonly Fact[]) => fold([found, ...facts]).map.violations.get('v1');

/** The law, by hand: what each act leads to, and from where it is refused. */
const law: Readonly<Record<TriageAct, (state: TriageState) => TriageState | 'refused'>> = {
  'heard-again': (state) => (state === 'resolved' || state === 'exonerated' ? 'new' : state),
  exonerate: (state) => (state === 'false-positive' ? 'refused' : 'exonerated'),
  quiet: (state) => (state === 'new' || state === 'acknowledged' ? state : 'refused'),
  acknowledge: () => 'acknowledged',
  resolve: (state) => (state === 'new' || state === 'acknowledged' ? 'resolved' : 'refused'),
  'false-positive': (state) => (state === 'false-positive' ? 'refused' : 'false-positive'),
  comment: (state) => state,
  ticket: (state) => state,
  contain: (state) => (state === 'new' || state === 'acknowledged' ? state : 'refused'),
  mute: (state) => state,
  unmute: (state) => state,
};
/** Told by no person, or about a mute: they make nobody's look at the violation stale, unless they change its state. */
const noActs: readonly TriageAct[] = ['heard-again', 'quiet', 'mute', 'unmute'];

describe('what becomes of a violation', () => {
  it.each(cells)('that is %s by %s', (state, act) => {
    const before = rowAfter(reach[state]);
    expect(before?.state).toBe(state);
    const after = rowAfter([...reach[state], told[act]]);
    const cell = triageTable[state][act];
    const to = law[act](state);
    expect('to' in cell ? cell.to : 'refused').toBe(to);
    if (to === 'refused') return expect(after).toEqual(before);
    const ordinal = 1 + reach[state].length;
    expect(after?.state).toBe(to);
    const isAct = !noActs.includes(act) || to !== state;
    expect(after?.actedAt).toBe(isAct ? ordinal : before?.actedAt);
    expect(after?.changedAt).toBe(act === 'mute' || act === 'unmute' ? before?.changedAt : ordinal);
    const isTold = isAct || act === 'quiet';
    expect(after?.history?.length ?? 0).toBe((before?.history?.length ?? 0) + (isTold ? 1 : 0));
    if (isTold) expect(after?.history?.at(-1)).toMatchObject({ ordinal, at: Date.parse(instantOf(10)) });
    expect(after?.closedAt !== undefined).toBe(!['new', 'acknowledged'].includes(to));
    expect(after?.acknowledgedAt !== undefined).toBe(to === 'acknowledged');
    expect(after?.reopenedFrom).toBe(act === 'heard-again' && to !== state ? state : undefined);
    expect(after?.quiet).toBe(act === 'quiet' ? true : undefined);
  });

  it('asks for an exception where a false positive is heard again, and nowhere else', () => {
    const asking = cells.filter(([state, act]) => 'asksForException' in triageTable[state][act]);
    expect(asking).toEqual([['false-positive', 'heard-again']]);
  });

  it('is the page that people read', () => expectGenerated('projections/triage.md', 'triage', page()));
});

function page(): string {
  const shown = (state: TriageState, cell: TriageCell): string => {
    if ('refused' in cell) return '-';
    return `${cell.to === state ? cell.to : `**${cell.to}**`}${cell.asksForException ? ' (!)' : ''}`;
  };
  const rows = triageStates.map((state) => [
    `\`${state}\``,
    ...triageActs.map((act) => shown(state, triageTable[state][act])),
  ]);
  const refusals = cells.flatMap(([state, act]) => {
    const cell = triageTable[state][act];
    return 'refused' in cell ? [[`\`${state}\``, act, cell.refused]] : [];
  });
  return [
    markdownTable([['', ...triageActs], ...rows]),
    markdownTable([['state', 'refused', 'why'], ...refusals]),
  ].join('\n\n');
}
