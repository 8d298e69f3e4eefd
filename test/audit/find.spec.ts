import fc from '../support/property.js';
import { type HitGroup, Search, understand } from '../../src/audit/find/find.js';
import { FindIndex } from '../../src/audit/find/find-index.js';
import { kindOf } from '../../src/audit/find/find.js';
import { namesOf, type Naming, sources } from '../../src/audit/find/names-of.js';
import { tableOf } from '../../src/audit/find/find-index.js';
import { LiveMap } from '../../src/projector/live-map.js';
import { contestedHistories } from '../support/arbitrary-histories.js';
import {
  type Fact,
  gatewayDeclared,
  ipv4AddOnBought,
  ipv4AddOnCancelled,
  ipv6PrefixAssigned,
  linkUp,
  macSeen,
  serverAdded,
  serverMoved,
  serverNicReplaced,
  serverRemoved,
  serverTransferred,
  stored,
} from '../support/history.js';

const many = 10_000;
const patienceMs = 60_000;

/** A live map and its index; the facts from `after` on are folded once the index was made. */
async function indexed(facts: readonly Fact[], after = facts.length): Promise<{ live: LiveMap; index: FindIndex }> {
  const live = new LiveMap('log-1');
  const events = stored(facts);
  live.foldPage(events.slice(0, after));
  live.becameLive();
  const index = new FindIndex(live);
  await index.ready(patienceMs);
  live.foldPage(events.slice(after));
  await index.ready(patienceMs);
  return { live, index };
}

const found = ({ live, index }: { live: LiveMap; index: FindIndex }, text: string, limit = many): HitGroup[] =>
  new Search(live.map, index, understand(text, []), limit).groups();

const told = (groups: readonly HitGroup[]): string[] =>
  groups.flatMap(({ kind, hits }) => hits.map(({ name, match }) => `${kind} ${name} ${match}`)).sort();

function namings(live: LiveMap): Naming[] {
  return sources.flatMap((source) =>
    [...tableOf(live.map, source).keys()].flatMap((key) => namesOf(live.map, source, key)),
  );
}

/** The same search by a look at every name of every row. */
function naive(live: LiveMap, text: string): string[] {
  const { probes, ipv6 } = understand(text, []);
  const order = ['exact', 'around', 'beginning', 'inside', 'within'];
  const best = new Map<string, string>();
  for (const naming of namings(live)) {
    for (const probe of probes) {
      const match = probe.column === naming.column ? probe.fit(naming.key) : undefined;
      const name = `${kindOf[naming.column]} ${naming.name}`;
      const before = best.get(name);
      if (match !== undefined && (before === undefined || order.indexOf(match) < order.indexOf(before)))
        best.set(name, match);
    }
  }
  if (
    ipv6 !== undefined &&
    !best.has(`address ${ipv6}`) &&
    [...best].some(([key, how]) => key.startsWith('prefix ') && how === 'around')
  )
    best.set(`address ${ipv6}`, 'exact');
  return [...best].map(([name, match]) => `${name} ${match}`).sort();
}

function notationsOf({ column, name }: Naming): string[] {
  switch (column) {
    case 'mac': {
      const bare = name.replaceAll(':', '');
      const dotted = bare.replace(/(....)(?=.)/g, '$1.');
      return [name, name.toUpperCase(), name.replaceAll(':', '-'), dotted, bare, ` ${bare.toUpperCase()} `];
    }
    case 'ipv4':
      return [name, `${name}/32`, `${name}:443`, `::ffff:${name}`, `[::ffff:${name}]`];
    case 'ipv6':
    case 'eui64':
      return [name, `[${name}]`, `[${name}]:443`, `${name}%vlan16`, name.toUpperCase(), `${name}/128`, fullForm(name)];
    case 'prefix':
      return [name, name.toUpperCase(), `${fullForm(name.split('/')[0] ?? '')}/${name.split('/')[1]}`];
    case 'port': {
      const [, switchName, letters, number] = /^([^:]+):([A-Za-z]+)(.*)$/.exec(name) ?? [];
      return letters === undefined
        ? [name]
        : [
            name,
            `${switchName} ${letters.slice(0, 1)}${number}`,
            `${switchName}:${letters.slice(0, 3)}${number}`,
            `${switchName} ${number}`,
          ];
    }
    case 'server':
    case 'customer':
    case 'violation':
      return [name, name.toUpperCase(), ` ${name}`];
  }
}

/** Eight groups of four digits. */
function fullForm(address: string): string {
  const [head = '', tail] = address.split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const gap = tail === undefined ? [] : Array.from({ length: 8 - front.length - back.length }, () => '0');
  return [...front, ...gap, ...back].map((group) => group.padStart(4, '0')).join(':');
}

describe('to find anything', () => {
  it('finds every name of a map by every notation of it, as exactly that', async () => {
    await fc.assert(
      fc.asyncProperty(contestedHistories(25), fc.nat(), async (facts, cut) => {
        const world = await indexed(facts, cut % (facts.length + 1));
        for (const naming of namings(world.live)) {
          for (const text of notationsOf(naming))
            expect([text, told(found(world, text))]).toEqual([
              text,
              expect.arrayContaining([`${kindOf[naming.column]} ${naming.name} exact`]),
            ]);
        }
      }),
      { numRuns: 10 },
    );
  });

  it('finds what a look at every name finds, no more and no less, also after the map has changed', async () => {
    await fc.assert(
      fc.asyncProperty(contestedHistories(25), fc.nat(), fc.infiniteStream(fc.nat()), async (facts, cut, numbers) => {
        const world = await indexed(facts, cut % (facts.length + 1));
        const names = namings(world.live);
        const next = (below: number): number => (numbers.next().value as number) % below;
        for (let round = 0; round < 20 && names.length > 0; round++) {
          const forms = notationsOf(names[next(names.length)] as Naming);
          const form = forms[next(forms.length)] ?? '';
          const text = form.slice(round % 3 === 0 ? next(form.length) : 0, 1 + next(form.length + 4));
          if (text.trim() !== '') expect([text, told(found(world, text))]).toEqual([text, naive(world.live, text)]);
        }
      }),
      { numRuns: 30 },
    );
  });

  const rack = [
    serverAdded(
      'srv-00042',
      { customerId: 'Cust-Nord', port: 'leaf1:Ethernet16', vlan: 16, mac: '52:54:00:00:00:16' },
      1,
    ),
    serverAdded(
      'srv-00043',
      { customerId: 'cust-sued', port: 'leaf1:Ethernet1/3', vlan: 17, mac: '52:54:00:00:0a:17' },
      2,
    ),
    ipv4AddOnBought('srv-00042', { addOnId: 'a', address: '198.51.100.16' }, 3),
    ipv6PrefixAssigned('srv-00042', { prefix: '2001:db8:16::/48' }, 4),
    ipv6PrefixAssigned('srv-00042', { prefix: '2001:db8:16:8000::/49' }, 5),
    linkUp('leaf2:Ethernet7', 6),
    macSeen('leaf2:Ethernet7', { vlan: 9, mac: '02:00:00:00:00:99' }, 7),
    gatewayDeclared('leaf1', { addresses: ['fe80::1', '198.51.100.1'], macs: ['00:1c:73:00:00:01'] }, 8),
  ] as const satisfies readonly Fact[];

  it.each([
    ['5254', 'mac 52:54:00:00:00:16 beginning'],
    ['00:0a:17', 'mac 52:54:00:00:0a:17 within'],
    ['0a17', 'mac 52:54:00:00:0a:17 within'],
    ['198.51.1', 'address 198.51.100.16 beginning'],
    ['198.51.96.0/19', 'address 198.51.100.16 inside'],
    ['198.51.100.0/24', 'address 198.51.100.1 inside'],
    ['2001:db8:16:9000::7', 'address 2001:db8:16:9000::7 exact'],
    ['2001:db8:16:9000::7', 'prefix 2001:db8:16:8000::/49 around'],
    ['2001:db8::/32', 'prefix 2001:db8:16::/48 inside'],
    ['2001:db8:16:9000::/64', 'prefix 2001:db8:16::/48 around'],
    ['2001:db8:1', 'prefix 2001:db8:16::/48 beginning'],
    ['fe80::5054:ff:fe00:16%eth0', 'address fe80::5054:ff:fe00:16 exact'],
    ['leaf1 e16', 'port leaf1:Ethernet16 exact'],
    ['LEAF1:Eth1/3', 'port leaf1:Ethernet1/3 exact'],
    ['leaf1 1', 'port leaf1:Ethernet16 beginning'],
    ['42', 'server srv-00042 within'],
    ['nord', 'customer Cust-Nord within'],
    ['02:00:00:00:00:99', 'mac 02:00:00:00:00:99 exact'],
    ['leaf2', 'port leaf2:Ethernet7 beginning'],
    ['001c.7300.0001', 'mac 00:1c:73:00:00:01 exact'],
  ])('finds by %s: %s', async (text, expected) => {
    expect(told(found(await indexed(rack), text))).toContain(expected);
  });

  it.each(['198.51.100.17', '52:54:00:00:00:18', 'srv-0004x', 'leaf1 e2', '2001:db8:17::/48', 'rv-00042', '#1', '%'])(
    'finds nothing by %s',
    async (text) => {
      expect(told(found(await indexed(rack), text))).toEqual([]);
    },
  );

  it('tells where a thing stands now, and until when it did', async () => {
    const world = await indexed([
      ...rack,
      serverNicReplaced('srv-00042', { mac: '52:54:00:00:00:61' }, 9),
      ipv4AddOnCancelled('srv-00042', { addOnId: 'a' }, 10),
      ipv4AddOnBought('srv-00043', { addOnId: 'b', address: '198.51.100.16' }, 11),
      serverAdded('srv-00050', { customerId: 'cust-sued', port: 'leaf1:Ethernet50', vlan: 50 }, 12),
      serverRemoved('srv-00050', {}, 13),
    ]);
    const hit = (text: string): unknown => found(world, text)[0]?.hits[0];
    expect(hit('198.51.100.16')).toMatchObject({
      now: [{ role: 'holder', server: 'srv-00043', customer: 'cust-sued', port: 'leaf1:Ethernet1/3', state: 'active' }],
      past: [{ role: 'former', server: 'srv-00042', until: '2026-01-01T00:10:00.000Z' }],
    });
    expect(hit('52:54:00:00:00:16')).toMatchObject({
      now: [],
      past: [{ role: 'former', until: '2026-01-01T00:09:00.000Z' }],
    });
    expect(hit('srv-00050')).toMatchObject({
      now: [],
      past: [{ state: 'removed', until: '2026-01-01T00:13:00.000Z' }],
    });
    expect(hit('cust-sued')).toMatchObject({ servers: 1, now: [{ server: 'srv-00043' }] });
    expect(hit('leaf2:ethernet7')).toMatchObject({ link: 'up', now: [] });
  });

  it('finds whole names while there is no index, and tells no more of a kind than was asked for', async () => {
    const { live, index } = await indexed(rack);
    const without = (text: string): string[] =>
      told(new Search(live.map, undefined, understand(text, []), many).groups());
    expect(without('5254.0000.0016')).toEqual(['mac 52:54:00:00:00:16 exact']);
    expect(without('198.51.100.16')).toEqual(['address 198.51.100.16 exact']);
    expect(without('srv-00042')).toEqual(['server srv-00042 exact']);
    expect(without('srv')).toEqual([]);
    const [servers] = found({ live, index }, 'srv', 1);
    expect(servers).toMatchObject({ kind: 'server', more: true, hits: [{ name: 'srv-00042' }] });
  });

  it('counts among what fits no name that was given away, of a row that has another one or of one that has none', async () => {
    const at = (number: number) => ({ customerId: `owner-${number}`, port: `leaf7:Ethernet${number}`, vlan: number });
    const facts = [1, 2, 3].map((number) => serverAdded(`s${number}`, at(number), number));
    const later = [
      serverMoved('s1', { port: 'leaf7:Ethernet8', vlan: 8 }, 20),
      ...[2, 3].map((number) => serverMoved(`s${number}`, { port: `spine1:Ethernet${number}`, vlan: 1 }, 21)),
      serverTransferred('s1', { customerId: 'owner-8' }, 22),
      ...[2, 3].map((number) => serverTransferred(`s${number}`, { customerId: `c${number}` }, 23)),
    ];
    const world = await indexed([...facts, ...later], facts.length);
    for (const [text, kind, name] of [
      ['leaf7', 'port', 'leaf7:Ethernet8'],
      ['owner', 'customer', 'owner-8'],
    ] as const) {
      const group = found(world, text, 1).find((one) => one.kind === kind);
      expect([text, group]).toMatchObject([text, { more: false, hits: [{ name }] }]);
    }
    // What fits really is counted all the same.
    const more = [4, 5].map((number) => serverAdded(`s${number}`, at(number), 30));
    world.live.foldPage(stored(more, facts.length + later.length));
    await world.index.ready(patienceMs);
    const ports = (limit: number) => found(world, 'leaf7', limit).find(({ kind }) => kind === 'port');
    expect(ports(2)).toMatchObject({ more: true, hits: [{}, {}] });
    expect(ports(3)).toMatchObject({ more: false, hits: [{}, {}, {}] });
  });

  it('takes what changes much into its order, and finds it there', async () => {
    const world = await indexed(rack);
    const grown = Array.from({ length: 1_200 }, (_, index) =>
      serverAdded(`new-${index}`, { customerId: `c${index % 7}`, port: `leaf3:Ethernet${index}`, vlan: 1 }, 20 + index),
    );
    world.live.foldPage(stored(grown, rack.length));
    expect(await world.index.ready(patienceMs)).toBe(true);
    expect([...world.index.loose()]).toEqual([]);
    expect(told(found(world, 'new-1199'))).toEqual(['server new-1199 exact']);
    expect(told(found(world, 'leaf3 e77'))).toContain('port leaf3:Ethernet77 exact');
    expect(found(world, 'c3')[0]?.hits[0]).toMatchObject({ kind: 'customer', servers: 171 });
    expect(told(found(world, 'srv-00042'))).toEqual(['server srv-00042 exact']);
  });
});
