import fc from '../support/property.js';
import { decodeEvent } from '../../events/index.js';
import { customerPrefixes, effectOf, type LogFold } from '../../projections/index.js';
import { explain } from '../../src/audit/explain.js';
import type { ExplainedDelegation } from '../../src/audit/explained-delegations.js';
import type { ExplainedFact } from '../../src/audit/explained-fact.js';
import { holdingsOf } from '../../src/audit/holding.js';
import { KnownLog } from '../../src/audit/known-log.js';
import { isAbout, violationConcerns } from '../../src/audit/mentions.js';
import { type Subject, subjectsOf } from '../../src/audit/subject.js';
import { anyAt, anyKnownAt, anyNight, questions } from './any-night.js';
import { MemoryLog } from './memory-log.js';

const subjectOf = (text: string): Subject => {
  const read = subjectsOf(text);
  if ('problem' in read || read.value[0] === undefined) throw new Error(`bad test subject ${text}`);
  return read.value[0];
};

/** What the map of the whole known log says of an event that it has folded. */
function saidBy(fold: LogFold, log: MemoryLog, { fact }: ExplainedFact): object {
  const stored = log.events[fact.ordinal];
  if (stored === undefined) throw new Error(`no event ${fact.ordinal}`);
  const decoded = decodeEvent(stored);
  if (!decoded.readable) return { effect: fold.isHeld(stored) ? 'parked' : 'skipped', conflicts: [] };
  return effectOf(fold, decoded.event);
}

const prefixesOf = ({ customerId, prefixes }: ExplainedDelegation): object[] =>
  prefixes.map((one) => ({ customerId, ...one }));

/** What the map of the whole known log has of customers, by customer. */
function delegatedBy({ map }: LogFold, subject: Subject): object[] {
  if (subject.kind !== 'prefix' && !(subject.kind === 'ip' && subject.address.includes(':'))) return [];
  const rows = [...map.delegations.values()].sort((a, b) => (a.customerId < b.customerId ? -1 : 1));
  return rows.flatMap((row) =>
    customerPrefixes(row).flatMap(({ prefix, allocated }) => {
      if (!isAbout(prefix, subject)) return [];
      const heldBy = map.delegationHolder(row, prefix);
      const order = allocated === undefined ? {} : { orderId: allocated.id, poolId: allocated.poolId };
      return [{ customerId: row.customerId, prefix, ...order, ...(heldBy === undefined ? {} : { heldBy }) }];
    }),
  );
}

describe('explain', () => {
  it('says of each server, event and violation what the map of the whole known log says', async () => {
    const property = fc.asyncProperty(
      anyNight,
      fc.constantFrom(...questions),
      anyAt,
      anyKnownAt,
      async (night, text, at, knownAt) => {
        const log = MemoryLog.of(night);
        const subject = subjectOf(text);
        const found = await explain(await KnownLog.open(log, knownAt), subject, at);
        const fold = await (await KnownLog.open(log, knownAt)).fold(at);
        const violations = [...fold.map.violations.values()].filter((one) => violationConcerns(one, subject));
        const holdings = holdingsOf(fold.map, subject);
        expect({ violations: [], holdings: [], ...found }).toMatchObject({ violations, holdings });
        for (const { serverId, binding, chain } of found?.servers ?? []) {
          expect(binding).toEqual(fold.map.binding(serverId));
          for (const one of chain) expect(one).toMatchObject(saidBy(fold, log, one));
        }
        const delegations = found?.delegations ?? [];
        expect(delegations.flatMap(prefixesOf)).toEqual(delegatedBy(fold, subject));
        for (const one of delegations.flatMap(({ chain }) => chain)) expect(one).toMatchObject(saidBy(fold, log, one));
        for (const one of found?.gateways ?? []) expect(one).toMatchObject(saidBy(fold, log, one));
      },
    );
    await fc.assert(property, { numRuns: 400 });
  }, 300_000);

  it('shows that billing will not suspend the offender, which stands in the stream of that server', async () => {
    const time = '2026-03-02T12:00:00Z';
    const found = { rule: 'address-spoof', ruleVersion: 1, severity: 'high', sensor: 's', attribution: 'interface' };
    const frame = { site: 'default', switch: 'leaf1', observation: 'arp-reply', frameTime: time, detail: 'a claim' };
    const claim = { claimedMac: '52:54:00:00:00:01', claimedAddress: '198.51.100.1' };
    const about = { violationId: 'v', etherSource: '52:54:00:00:00:01', ...claim };
    const asked = { violationId: 'v', serverId: 'b', by: 'token:night', reason: 'it spoofs', evidence: 'https://x/v' };
    const log = MemoryLog.of([
      { type: 'ViolationDetected', data: { ...found, ...frame, ...about, offenderServerId: 'b' }, time },
      { type: 'ContainmentRequested', data: asked, time },
      { type: 'ContainmentRefused', data: { violationId: 'v', serverId: 'b', reason: 'until noon' }, time },
    ]);
    const answer = await explain(await KnownLog.open(log), subjectOf('198.51.100.1'));
    expect(answer?.violations).toMatchObject([{ violationId: 'v', containmentRefused: 'until noon' }]);
  });
});
