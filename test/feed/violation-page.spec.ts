import fc from '../support/property.js';
import { comparePositions } from '../../src/feed/position.js';
import { ViolationIndex } from '../../src/feed/violation-index.js';
import { readViolationQuestion, violationPage } from '../../src/feed/violation-page.js';
import { renderViolations } from '../../src/feed/render-violation.js';
import { lookingAt, nothingKnown, startMs, ViolationLog } from './violation-log.js';

function page(
  log: ViolationLog,
  fields: Record<string, unknown> = {},
  inSurvey: (site: string) => boolean = () => false,
) {
  const read = readViolationQuestion(fields);
  if ('problem' in read) throw new Error(read.problem);
  return violationPage(new ViolationIndex(log.liveMap), read.value, { ...nothingKnown(), inSurvey });
}
const ids = (answer: ReturnType<typeof page>): string[] => answer.violations.map((one) => one.violationId);

describe('the list of violations', () => {
  it('shows the one that was heard last first, with times, offender and victim', () => {
    const log = new ViolationLog();
    log.fold(log.detected('a'), log.detected('b'), log.repeated('a', 4));
    expect(page(log).violations).toMatchObject([
      {
        violationId: 'a',
        position: '2',
        count: 5,
        firstSeen: '2026-11-02T00:00:00.000Z',
        lastSeen: '2026-11-02T00:00:02.000Z',
        offender: { serverId: 'srv-66', customerId: 'cust-66' },
        victim: { serverId: 'srv-16', customerId: 'cust-16' },
      },
      { violationId: 'b', position: '1', count: 1 },
    ]);
  });

  it('says of those at a site in survey that they are kept and not alerted, in brackets for a person', () => {
    const log = new ViolationLog();
    log.fold(log.detected('a'), log.detected('b', { site: 'fra' }));
    const { violations } = page(log, {}, (site) => site === 'fra');
    expect(violations.map(({ site, survey }) => [site, survey])).toEqual([
      ['fra', true],
      ['default', undefined],
    ]);
    const [, fra = '', home = ''] = renderViolations(violations, []).split('\n');
    expect(fra).toContain('(high)');
    expect(home).not.toContain('(');
  });

  it('says of an address that is being moved by which renumbering, and how that is now', () => {
    const log = new ViolationLog();
    log.fold(
      log.renumberingStarted('rn-1'),
      log.detected('old', { claimedAddress: '2001:db8::1' }),
      log.detected('new', { claimedAddress: '2001:db8:1::1' }),
      log.detected('other', { claimedAddress: '2001:db8:2::1' }),
      log.detected('none', { claimedAddress: undefined }),
    );
    const index = new ViolationIndex(log.liveMap);
    const said = () =>
      violationPage(index, { filter: {}, limit: 9 }, lookingAt(index, startMs)).violations.map(
        ({ violationId, renumbering: { prefix, state } = {} }) => [violationId, prefix, state],
      );
    expect(said()).toEqual([
      ['none', undefined, undefined],
      ['other', undefined, undefined],
      ['new', 'new', 'planned'],
      ['old', 'old', 'planned'],
    ]);
    log.fold(
      log.renumbered('RenumberingAdvanced', 'rn-1', {
        asked: 'Ipv6PrefixAssigned',
        prefix: '2001:db8:1::/48',
        by: 'a',
      }),
    );
    log.fold(log.renumbered('RenumberingProgressed', 'rn-1', { state: 'finished' }));
    expect(said().slice(2)).toEqual([
      ['new', undefined, undefined],
      ['old', 'old', 'finished'],
    ]);
    const { violations } = violationPage(
      index,
      { filter: { renumbering: 'rn-1' }, limit: 9 },
      lookingAt(index, startMs),
    );
    expect(violations.map(({ renumbering }) => renumbering)).toEqual([
      {
        ...{ renumberingId: 'rn-1', serverId: 'srv-66', from: '2001:db8::/64', to: '2001:db8:1::/48' },
        ...{ prefix: 'old', state: 'finished' },
      },
    ]);
    expect(
      renderViolations(violations, [])
        .split('\n')
        .map((line) => line.includes('(old prefix)')),
    ).toEqual([false, true]);
    index.close();
  });

  it('leaves out what nobody knows', () => {
    const log = new ViolationLog();
    const unknown = { offenderServerId: undefined, offenderCustomerId: undefined, port: undefined };
    log.fold(log.detected('a', { ...unknown, victimCustomerId: undefined }));
    const [violation] = page(log).violations;
    expect(violation).not.toHaveProperty('offender');
    expect(violation).not.toHaveProperty('port');
    expect(violation?.victim).toEqual({ serverId: 'srv-16' });
  });

  it.each([
    [{ rule: 'unknown-mac' }, ['b']],
    [{ severity: 'critical' }, ['c']],
    [{ port: 'leaf2:Ethernet1' }, ['d']],
    [{ switch: 'leaf2' }, ['d']],
    [{ victim: 'srv-9' }, ['b']],
    [{ victim: 'cust-16' }, ['d', 'c', 'a']],
    [{ offender: 'srv-66' }, ['c', 'b', 'a']],
    [{ since: '2026-11-02T00:00:02Z' }, ['d', 'c']],
    [{ since: '2026-11-02T01:00:02+01:00', severity: 'critical' }, ['c']],
    [{ rule: 'unknown-mac', severity: 'critical' }, []],
  ])('filters by %j', (fields, expected) => {
    const log = new ViolationLog();
    log.fold(
      log.detected('a'),
      log.detected('b', { rule: 'unknown-mac', victimServerId: 'srv-9', victimCustomerId: 'cust-9' }),
      log.detected('c', { severity: 'critical' }),
      log.detected('d', { switch: 'leaf2', port: 'leaf2:Ethernet1', offenderServerId: 'srv-1' }),
    );
    expect(ids(page(log, fields))).toEqual(expected);
  });

  it.each([
    [{ rulle: 'address-spoof' }, 'rulle: no such field'],
    [{ rule: 'adress-spoof' }, 'rule: found "adress-spoof", expected one of rogue-router-advertisement'],
    [{ rule: ['a', 'b'] }, 'rule: given more than once'],
    [{ severity: 'bad' }, 'severity: found "bad"'],
    [{ port: 'Ethernet16' }, 'port: found "Ethernet16"'],
    [{ since: '2026-11-02' }, 'since: found "2026-11-02"'],
    [{ limit: '0' }, 'limit: found "0"'],
    [{ limit: '501' }, 'limit: found "501"'],
    [{ limit: '1e2' }, 'limit: found "1e2"'],
    [{ cursor: 'abc' }, 'cursor: expected'],
    [{ __proto__x: 'y' }, '__proto__x: no such field'],
    [{ toString: 'y' }, 'toString: no such field'],
  ])('refuses %j and says why', (fields, problem) => {
    expect(readViolationQuestion(fields)).toEqual({ problem: expect.stringContaining(problem) as string });
  });

  it('pages through everything once, whatever the page size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 12 }), (count, limit) => {
        const log = new ViolationLog();
        for (let n = 0; n < count; n++) log.fold(log.detected(`v${n}`));
        const seen: string[] = [];
        let cursor: string | undefined;
        for (let pages = 0; pages <= count; pages++) {
          const answer = page(log, { limit: String(limit), ...(cursor !== undefined && { cursor }) });
          seen.push(...ids(answer));
          cursor = answer.next;
          if (cursor === undefined) break;
        }
        expect(seen).toEqual(Array.from({ length: count }, (_, n) => `v${count - 1 - n}`));
      }),
    );
  });

  it('pages through those that were heard last in the same instant, and loses none of them', () => {
    const log = new ViolationLog();
    const frameTime = '2026-11-02T00:00:00.000Z';
    const names = ['a', 'b', 'c', 'd', 'e'];
    log.fold(...names.map((id) => log.detected(id, { frameTime })));
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const answer = page(log, { limit: '2', ...(cursor !== undefined && { cursor }) });
      seen.push(...ids(answer));
      cursor = answer.next;
    } while (cursor !== undefined && seen.length < 2 * names.length);
    expect(seen).toEqual([...names].reverse());
  });

  it('shows nothing twice when something changes between two pages', () => {
    const log = new ViolationLog();
    log.fold(log.detected('a'), log.detected('b'), log.detected('c'));
    const first = page(log, { limit: '2' });
    log.fold(log.repeated('b'));
    expect(ids(first)).toEqual(['c', 'b']);
    expect(ids(page(log, { cursor: first.next }))).toEqual(['a']);
  });
});

describe('positions', () => {
  it('are ordered as the numbers they spell', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 1n << 90n }), fc.bigInt({ min: 0n, max: 1n << 90n }), (a, b) => {
        expect(Math.sign(comparePositions(String(a), String(b)))).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
    );
  });
});
