import type { EventData } from '../../events/index.js';
import { containmentOf, mapHash } from '../../projections/index.js';
import {
  containmentRefused,
  containmentRequested,
  type Fact,
  fold,
  instantOf,
  serverAdded,
  serverRemoved,
  serverResumed,
  serverSuspended,
  violationDetected,
  violationResolved,
} from '../support/history.js';

const forgery = {
  rule: 'address-spoof',
  ruleVersion: 1,
  severity: 'high',
  sensor: 'e66',
  attribution: 'interface',
  site: 'default',
  switch: 'leaf1',
  observation: 'arp-reply',
  etherSource: '52:54:00:00:00:66',
  claimedMac: '52:54:00:00:00:66',
  frameTime: instantOf(1),
  offenderServerId: 'srv-66',
  detail: 'claims what it was not sold',
  tentative: false,
  basis: '[]',
} as unknown as Omit<EventData<'ViolationDetected'>, 'violationId'>;
const before: Fact[] = [
  serverAdded('srv-66', { customerId: 'cust-66', port: 'leaf1:Ethernet66', vlan: 66 }, 0),
  violationDetected('v1', forgery, 1),
];
const asked = containmentRequested('v1', { serverId: 'srv-66', by: 'token:a', reason: 'it forges', evidence: '/e' }, 5);
const refusal = (serverId: string, at: number): Fact =>
  containmentRefused(serverId, { violationId: 'v1', reason: 'until noon' }, at);

function after(...facts: Fact[]) {
  const { map } = fold([...before, ...facts]);
  const row = map.violations.get('v1');
  if (row === undefined) throw new Error('no violation');
  return { map, row, state: containmentOf(map, row)?.state };
}

describe('containment', () => {
  it.each([
    [
      'nothing while nobody asked, even where billing suspended the server',
      undefined,
      [serverSuspended('srv-66', {}, 3)],
    ],
    ['requested until billing says a word', 'requested', [asked]],
    ['suspended once billing suspended the server', 'suspended', [asked, serverSuspended('srv-66', {}, 6)]],
    ['suspended where billing had suspended it before', 'suspended', [serverSuspended('srv-66', {}, 3), asked]],
    [
      'resumed once billing lets it run again',
      'resumed',
      [asked, serverSuspended('srv-66', {}, 6), serverResumed('srv-66', {}, 7)],
    ],
    ['requested where it was resumed before anybody asked', 'requested', [serverResumed('srv-66', {}, 3), asked]],
    ['removed once it is sold no more', 'removed', [asked, serverRemoved('srv-66', {}, 6)]],
    ['refused when billing says so', 'refused', [asked, refusal('srv-66', 6)]],
    [
      'suspended where billing refused and then did it',
      'suspended',
      [asked, refusal('srv-66', 6), serverSuspended('srv-66', {}, 7)],
    ],
    [
      'requested again when it is asked again',
      'requested',
      [asked, refusal('srv-66', 6), { ...asked, time: instantOf(8) }],
    ],
    ['requested where the refusal is about another server', 'requested', [asked, refusal('srv-16', 6)]],
    ['nothing for a refusal that nobody asked for', undefined, [refusal('srv-66', 6)]],
    [
      'nothing where the violation was closed before',
      undefined,
      [violationResolved('v1', { by: 'token:a' }, 4), asked],
    ],
  ] as const)('is %s', (_what, state, facts) => {
    expect(after(...facts).state).toBe(state);
  });

  it("keeps billing's words in the history of the violation, and moves neither its state nor the map", () => {
    const { map, row } = after(asked, refusal('srv-66', 6));
    expect(row).toMatchObject({ state: 'new', containmentRefused: 'until noon' });
    expect(row.history?.at(-1)).toMatchObject({ what: 'containment-refused', by: 'billing', text: 'until noon' });
    expect(mapHash(map)).toBe(mapHash(fold(before).map));
  });
});
