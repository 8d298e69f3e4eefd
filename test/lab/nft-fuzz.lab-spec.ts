import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from '../support/property.js';
import {
  formatIpv4,
  formatIpv6,
  formatPrefix,
  type Ipv4Address,
  type Ipv6Address,
  type Ipv6Words,
  parseIpv6Prefix,
  parseMac,
} from '../../events/index.js';
import { sharedRules } from '../../src/drivers/guard/nft-rules.js';
import { tableOf } from '../../src/drivers/guard/nft-tables.js';
import { type PortToBe, transactionOf } from '../../src/drivers/guard/nft-transaction.js';
import { rateBudget } from '../../src/drivers/guard/rate-budget.js';
import { describeLab } from './describe-lab.js';
import { run } from './lab-process.js';

const shared = sharedRules({ arp: rateBudget(1024, 500), nd: rateBudget(1024, 500) });

/** 10,000 values that passed the typed parsers: 500 ports, each with MACs, addresses and prefixes. */
function generated(): Map<string, PortToBe> {
  const word = fc.nat(0xffffffff);
  const words = fc.tuple(word, word, word, word);
  const [macs, v4s, v6s, lengths] = [
    fc.sample(fc.array(fc.nat(255), { minLength: 6, maxLength: 6 }), 2_000),
    fc.sample(word, 6_000),
    fc.sample(words, 6_000),
    fc.sample(fc.integer({ min: 16, max: 128 }), 4_000),
  ];
  const ports = new Map<string, PortToBe>();
  for (let index = 0; index < 500; index++) {
    const name = `vlan${index + 1}`;
    const own = <Value>(list: readonly Value[], each: number): Value[] => list.slice(index * each, (index + 1) * each);
    const unique = <Value extends string>(list: readonly Value[]): Value[] => [...new Set(list)].sort();
    const bytes = own(macs, 4).map((mac) => mac.map((byte) => byte.toString(16).padStart(2, '0')).join(':'));
    const prefixes = own(v6s, 8).flatMap(([, b, c, d], at) => {
      // No two of a port overlap: each begins with another number.
      const length = lengths[index * 8 + at] ?? 64;
      const all: Ipv6Words = [(0x20010000 + index * 8 + at) >>> 0, b, c, d];
      const kept = all.map((one, place) => {
        const bits = Math.min(32, Math.max(0, Math.max(32, length) - place * 32));
        return bits === 0 ? 0 : (one & (0xffffffff << (32 - bits))) >>> 0;
      }) as unknown as Ipv6Words;
      return parseIpv6Prefix(formatPrefix(kept, Math.max(32, length))) ?? [];
    });
    ports.set(name, {
      interface: name,
      mode: index % 2 === 0 ? 'drop' : 'count',
      closed: false,
      attached: false,
      macs: unique(bytes.flatMap((mac) => parseMac(mac) ?? [])),
      ipv4: unique(own(v4s, 12).map((bits): Ipv4Address => formatIpv4(bits))),
      prefixes: unique(prefixes),
      gatewayMacs: [],
      gatewayIpv4: [],
      gatewayIpv6: unique(own(v6s, 1).map(([a, b, c]): Ipv6Address => formatIpv6([a | 1, b, c, 1]))),
    });
  }
  return ports;
}

describeLab('10,000 rendered entries of a guard', () => {
  const space = `pllab-${process.pid}-fuzz`;
  const directory = mkdtempSync(join(tmpdir(), 'pllab-fuzz-'));
  const nft = (...args: string[]): Promise<string> => run('ip', ['netns', 'exec', space, 'nft', ...args]);
  beforeAll(() => run('ip', ['netns', 'add', space]));
  afterAll(async () => {
    await run('ip', ['netns', 'del', space]);
    rmSync(directory, { recursive: true });
  });

  it('are accepted by nft, and read back as what they were rendered from', async () => {
    const ports = generated();
    const script = transactionOf(undefined, ports, shared);
    expect((script.match(/"vlan\d+" \. /g) ?? []).length).toBeGreaterThan(10_000);
    const file = join(directory, 'guard.nft');
    writeFileSync(file, script);
    await nft('-c', '-f', file);
    await nft('-f', file);
    const text = await nft('-j', '-p', 'list', 'table', 'netdev', 'portledger_guard');
    const held = tableOf(text, new Map(), shared);
    expect(held.intact).toBe(true);
    expect(held.ports.size).toBe(ports.size);
    for (const [name, port] of ports) expect(held.ports.get(name)).toEqual(port);
    expect(transactionOf(held, ports, shared)).toBe('');
  });

  it('are never rendered from a string that is not what its type says', () => {
    const base = [...generated().values()][0];
    if (base === undefined) throw new Error('nothing was generated');
    const nasty = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom(
        '1.2.3.4 }\nflush ruleset',
        '"; drop',
        '::\u202e1/64',
        '52:54:00:00:00:16\n',
        '2001:db8::1/48',
        ' fe80::1',
        '0x0',
      ),
    );
    fc.assert(
      fc.property(nasty, fc.constantFrom('macs', 'ipv4', 'prefixes', 'gatewayIpv6', 'interface'), (text, field) => {
        const forged = { ...base, [field]: field === 'interface' ? text : [text] } as PortToBe;
        let script: string;
        try {
          script = transactionOf(undefined, new Map([['x', forged]]), shared);
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError);
          return;
        }
        // What passed is a value of its type, and stands in the script as one word.
        expect(text).toMatch(/^[A-Za-z0-9.:/_-]+$/);
        expect(script).not.toContain('ruleset');
      }),
      { numRuns: 2_000 },
    );
  });
});
