import fc from '../support/property.js';
import { decodeEvent, formatIpv6, type Ipv6Prefix, parseIpv6Prefix, prefixContains } from '../../events/index.js';
import { covers, mayMention, mentions, overlap } from '../../src/audit/mentions.js';
import { subjectsOf } from '../../src/audit/subject.js';
import { addresses, anyHistory, macs, ports, prefixes } from './any-history.js';
import { MemoryLog } from './memory-log.js';

const texts = [
  ...addresses,
  'fe80::5054:ff:fe00:1',
  '2001:db8:1::5',
  ...[
    ...prefixes.map((one) => `prefix:${one}`),
    ...macs.map((one) => `mac:${one}`),
    ...ports.map((one) => `port:${one}`),
  ],
  'server:a',
];

const near = fc
  .record({ low: fc.nat({ max: 3 }), third: fc.nat({ max: 0xffffffff }), length: fc.integer({ min: 3, max: 128 }) })
  .map(({ low, third, length }) => ({
    address: formatIpv6([0x20010db8, low << 16, third, low]),
    length,
  }));

describe('whether an event names a subject', () => {
  it('is never denied by its type alone when its data says yes', () => {
    const property = fc.property(anyHistory, fc.constantFrom(...texts), (facts, text) => {
      const read = subjectsOf(text);
      if ('problem' in read) throw new Error(read.problem);
      for (const stored of MemoryLog.of(facts).events) {
        const decoded = decodeEvent(stored);
        for (const subject of read.value) {
          if (decoded.readable && mentions(decoded.event, subject)) expect(mayMention(stored.type, subject)).toBe(true);
        }
      }
    });
    fc.assert(property, { numRuns: 300 });
  });

  it('agrees with the published language on what lies inside a prefix', () => {
    const property = fc.property(near, near, (one, other) => {
      const prefix = masked(one.address, one.length);
      const inside = masked(other.address, other.length);
      expect(covers(prefix, other.address)).toBe(prefixContains(prefix, other.address));
      const contains =
        prefixContains(prefix, inside.slice(0, inside.indexOf('/'))) ||
        prefixContains(inside, prefix.slice(0, prefix.indexOf('/')));
      expect(overlap(prefix, inside)).toBe(contains);
    });
    fc.assert(property, { numRuns: 500 });
    expect(covers('2001:db8::/32' as Ipv6Prefix, '198.51.100.1')).toBe(false);
  });
});

/** The prefix of this length around the address. */
function masked(address: string, length: number): Ipv6Prefix {
  const bits = groupsOf(address)
    .map((group) => group.toString(2).padStart(16, '0'))
    .join('');
  const kept = bits.slice(0, length).padEnd(128, '0');
  const word = (index: number): number => Number.parseInt(kept.slice(index * 32, index * 32 + 32), 2);
  const prefix = parseIpv6Prefix(`${formatIpv6([word(0), word(1), word(2), word(3)])}/${length}`);
  if (prefix === undefined) throw new Error(`no prefix of ${address} with length ${length}`);
  return prefix;
}

function groupsOf(address: string): number[] {
  const [head = '', tail] = address.split('::');
  const left = head.split(':').filter((one) => one !== '');
  const right = (tail ?? '').split(':').filter((one) => one !== '');
  const gap = tail === undefined ? [] : new Array<string>(8 - left.length - right.length).fill('0');
  return [...left, ...gap, ...right].map((group) => Number.parseInt(group, 16));
}
