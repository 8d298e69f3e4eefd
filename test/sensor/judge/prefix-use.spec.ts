import { formatPrefix, type Ipv6Prefix, type Ipv6Words, prefixContains, wordsOf } from '../../../events/index.js';
import { FrameFields } from '../../../src/sensor/capture/frame-fields.js';
import { readFrame } from '../../../src/sensor/capture/frame-reader.js';
import { PrefixBook } from '../../../src/sensor/judge/prefix-book.js';
import { PrefixUse } from '../../../src/sensor/judge/prefix-use.js';
import fc from '../../support/property.js';
import { icmpv6, serverAddress, serverLinkLocal, unspecified } from '../capture/frames.js';

const sold = '2001:db8:16::/64' as Ipv6Prefix;
const elsewhere = '20010db800170000 0000000000000001';
const gateway = 'fe80000000000000 0000000000000001';
const [solicitation, advertisement, routerSolicitation] = [135, 136, 133];

function countedOf(type: number, from: string, body: string): number {
  const use = new PrefixUse();
  use.watch([sold]);
  const bytes = icmpv6(type, body, { from });
  const fields = new FrameFields();
  readFrame(bytes, 0, bytes.length, 1, fields);
  use.hear(bytes, fields, 1_000);
  const [count] = use.counts();
  expect(count?.lastHeard).toBe((count?.frames ?? 0) > 0 ? 1_000 : 0);
  return count?.frames ?? Number.NaN;
}

/** A prefix has no host bits. */
function masked(word: number, bits: number): number {
  if (bits >= 32) return word;
  return bits <= 0 ? 0 : (word & (0xffffffff << (32 - bits))) >>> 0;
}

describe('the use of a prefix that is watched', () => {
  it('is a frame from one of its addresses, one that advertises it, or one that wants to have it', () => {
    expect(countedOf(solicitation, serverAddress, `00000000${gateway}0101525400000016`)).toBe(1);
    expect(countedOf(advertisement, serverLinkLocal, `60000000${serverAddress}`)).toBe(1);
    expect(countedOf(solicitation, unspecified, `00000000${serverAddress}`)).toBe(1);
    expect(countedOf(routerSolicitation, serverAddress, '00000000')).toBe(1);
  });

  it('is not that somebody asks for one of its addresses, nor anything of another prefix', () => {
    expect(countedOf(solicitation, elsewhere, `00000000${serverAddress}`)).toBe(0);
    expect(countedOf(solicitation, serverLinkLocal, `00000000${gateway}`)).toBe(0);
    expect(countedOf(advertisement, serverLinkLocal, `60000000${elsewhere}`)).toBe(0);
  });

  const word = fc.constantFrom(0, 1, 0x20010db8, 0x20010db9, 0x80000000, 0xffffffff, 0x00160000);
  const words = fc.tuple(fc.constantFrom(0x20010db8, 0x20010db9), word, word, word);
  const prefix = fc
    .tuple(words, fc.integer({ min: 29, max: 128 }))
    .map(([all, length]) =>
      formatPrefix(all.map((one, at) => masked(one, length - 32 * at)) as unknown as Ipv6Words, length),
    );

  it('is counted as a plain comparison would, whatever lengths are watched together', () => {
    fc.assert(
      fc.property(fc.uniqueArray(prefix, { maxLength: 12 }), fc.array(words, { maxLength: 12 }), (watched, heard) => {
        const use = new PrefixUse();
        use.watch(watched);
        expect(use.isWatching).toBe(watched.length > 0);
        const addresses = heard.map((all) => formatPrefix(all as Ipv6Words, 128).slice(0, -4));
        for (const address of addresses) use.hearClaim(address, 5);
        for (const { prefix: one, frames } of use.counts())
          expect(frames).toBe(addresses.filter((address) => prefixContains(one, address)).length);
        expect(addresses.every((address) => wordsOf(address).length === 4)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('goes on being counted when others are watched beside it, and is forgotten when it is not watched any more', () => {
    const use = new PrefixUse();
    use.watch([sold]);
    use.hearClaim('2001:db8:16::1', 5);
    use.watch([sold, '2001:db8:17::/64' as Ipv6Prefix]);
    use.hearClaim('2001:db8:16::1', 4);
    use.hearClaim('198.51.100.1', 9);
    expect(use.counts().map(({ frames, lastHeard }) => [frames, lastHeard])).toEqual([
      [2, 5],
      [0, 0],
    ]);
    use.watch([]);
    use.watch([sold]);
    expect(use.counts()).toEqual([{ prefix: sold, frames: 0, lastHeard: 0 }]);
  });
});

describe('the book of what judges counted', () => {
  it('adds what a judge counted that ended to what the next one counts, and tells that there was a gap', () => {
    const book = new PrefixBook();
    book.watch([sold]);
    expect(book.of(sold)).toBeUndefined();
    book.take([{ prefix: sold, frames: 3, lastHeard: 30 }]);
    book.judgeWasReplaced();
    expect([book.gaps, book.of(sold)?.frames]).toEqual([1, 3]);
    book.take([{ prefix: sold, frames: 1, lastHeard: 0 }]);
    expect(book.of(sold)).toEqual({ prefix: sold, frames: 4, lastHeard: 30 });
    book.watch([]);
    book.take([]);
    expect(book.of(sold)).toBeUndefined();
  });
});
