import { parseInstant } from '../../events/index.js';
import { mapGrants, type Observation } from '../../projections/index.js';
import { exceptionEnded, exceptionGranted, fold, instantOf, serverAdded } from '../support/history.js';
import { retold } from '../support/retold.js';

const port = 'leaf1:Ethernet16';
const heard = (at: number, more: Partial<Observation> = {}): Observation =>
  ({
    kind: 'arp-reply',
    sensor: 'e16',
    site: 'default',
    switch: 'leaf1',
    attribution: 'interface',
    port,
    vlan: 16,
    etherSource: '52:54:00:00:00:16',
    claimedMac: '52:54:00:00:00:16',
    claimedAddress: '203.0.113.7',
    tentative: false,
    frameTime: parseInstant(instantOf(at)) ?? 0,
    ...more,
  }) as Observation;

const said = { rule: 'unassigned-address', owner: 'network team', reason: 'a cluster', expires: instantOf(100) };
const excuses = (folded: ReturnType<typeof fold>, observation: Observation, rule = said.rule): string | undefined =>
  mapGrants(folded.map, 0).exceptionFor(rule, observation);

describe('an exception', () => {
  retold('excuses its rule at its place from its time on until it expires, by the time of the frame', {
    when: [exceptionGranted('e1', { ...said, port }, 10)],
    then: (folded) => {
      expect([9, 10, 99, 100].map((at) => excuses(folded, heard(at)))).toEqual([undefined, 'e1', 'e1', undefined]);
      expect(excuses(folded, heard(20), 'address-spoof')).toBeUndefined();
    },
  });

  retold('excuses nothing once it was ended, until a later word grants it again', {
    when: [exceptionGranted('e1', { ...said, port }, 10), exceptionEnded('e1', 20)],
    then: (folded) => expect([19, 20].map((at) => excuses(folded, heard(at)))).toEqual(['e1', undefined]),
  });

  retold('is renewed by a later grant', {
    when: [
      exceptionGranted('e1', { ...said, port }, 10),
      exceptionEnded('e1', 20),
      exceptionGranted('e1', { ...said, port }, 30),
    ],
    then: (folded) => expect([25, 31].map((at) => excuses(folded, heard(at)))).toEqual([undefined, 'e1']),
  });

  it('excuses only what all its scope fields fit', () => {
    const scope = { port, mac: '52:54:00:00:00:16', prefix: '203.0.113.0/24', serverId: 's16' };
    const sold = serverAdded('s16', { customerId: 'c1', port, vlan: 16, mac: scope.mac }, 1);
    const folded = fold([sold, exceptionGranted('e1', { ...said, ...scope }, 10)]);
    expect(excuses(folded, heard(20))).toBe('e1');
    expect(excuses(folded, heard(20, { port: 'leaf1:Ethernet17' as Observation['port'] & string }))).toBeUndefined();
    expect(excuses(folded, heard(20, { claimedAddress: '203.0.114.7' }))).toBeUndefined();
    expect(
      excuses(folded, heard(20, { etherSource: '52:54:00:00:00:99', claimedMac: '52:54:00:00:00:99' })),
    ).toBeUndefined();
    const elsewhere = fold([exceptionGranted('e1', { ...said, ...scope }, 10)]);
    expect(excuses(elsewhere, heard(20))).toBeUndefined();
  });

  it('that names no place excuses nothing', () => {
    expect(excuses(fold([exceptionGranted('e1', said, 10)]), heard(20))).toBeUndefined();
  });

  it('excuses nothing later than 30 days after its grant, whatever it says', () => {
    const folded = fold([exceptionGranted('e1', { ...said, port, expires: '2027-01-01T00:00:00Z' }, 0)]);
    const days = 24 * 60;
    expect([30 * days - 1, 30 * days].map((at) => excuses(folded, heard(at)))).toEqual(['e1', undefined]);
  });
});
