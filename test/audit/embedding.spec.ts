import fc from '../support/property.js';
import type { WhoHadAnswer } from '../../src/audit/audit.js';
import { embeddedSource } from '../../src/audit/embedding/embedded-source.js';
import { parseSourceEmbedding, type SourceEmbedding } from '../../src/config/source-embedding.js';
import { formatIpv4, formatIpv6 } from '../../events/index.js';
import { nightLog } from './night-at-leaf1.js';
import { run } from './ran.js';

const word = fc.integer({ min: 0, max: 0xffffffff });
const port = fc.integer({ min: 0, max: 0xffff });

describe('an address that carries an IPv4 source', () => {
  it('carries 32 bits of address after 96 bits (RFC 6052 section 2.2), and 16 bits of port after 80 and them', () => {
    fc.assert(
      fc.property(word, word, word, word, port, (first, second, third, v4, number) => {
        const high = (third & 0xffff0000) >>> 0;
        const at96 = embeddingOf(`${formatIpv6([first, second, third, 0])}/96`);
        const at80 = embeddingOf(`${formatIpv6([first, second, high, 0])}/80`);
        const short = formatIpv6([first, second, third, v4]);
        const long = formatIpv6([first, second, (high | (v4 >>> 16)) >>> 0, ((v4 << 16) | number) >>> 0]);
        expect(embeddedSource(short, [at96])).toMatchObject({ address: formatIpv4(v4) });
        expect(embeddedSource(short, [at96])).not.toHaveProperty('port');
        expect(embeddedSource(long, [at80])).toMatchObject({ address: formatIpv4(v4), port: number });
      }),
    );
  });

  it('lies inside the prefix: any other carries nothing', () => {
    const outside = formatIpv6([0x20010db8, 0x00640000, 0x00010000 + 0xc633, 0x64101f90]);
    expect(embeddedSource(outside, [embeddingOf('2001:db8:64::/80')])).toBeUndefined();
    expect(embeddedSource(outside, [])).toBeUndefined();
  });

  it.each(['2001:db8:64::/64', '2001:db8:64::1/96', '2001:db8:64::/080', '2001:db8:64::', '192.0.2.0/24', 80, ''])(
    'is in no prefix written as %p',
    (text) => expect(parseSourceEmbedding(text)).toBeUndefined(),
  );
});

describe('asked about an address that carries an IPv4 source', () => {
  const carrying = '2001:db8:64::c633:6410:1f90';
  const ask = async (words: readonly string[], embedding = '64:ff9b::/96,2001:db8:64::/80') => {
    const offline = ['--offline', 'DIR', '--source-embedding', embedding];
    return run(['audit', ...words, ...offline], nightLog());
  };

  it('the audit answers about both, though nobody was ever sold the address itself', async () => {
    const { out, code } = await ask(['who-had', carrying, '--at', '2026-01-04T18:00:00Z', '--json']);
    expect(code).toBe(0);
    const { embedded, ...own } = JSON.parse(out) as WhoHadAnswer;
    expect(own).toMatchObject({
      subject: { kind: 'ip', address: carrying },
      intervals: [],
      at: '2026-01-04T18:00:00.000Z',
    });
    expect(embedded).toMatchObject({ prefix: '2001:db8:64::/80', address: '198.51.100.16', port: 8080 });
    const plain = await run(
      ['audit', 'who-had', '198.51.100.16', '--at', '2026-01-04T18:00:00Z', '--json', '--offline', 'DIR'],
      nightLog(),
    );
    expect(embedded?.answer).toEqual(JSON.parse(plain.out));
  });

  it('the audit explains both', async () => {
    const { out } = await ask(['explain', '64:ff9b::198.51.100.16']);
    expect(out).toContain('64:ff9b::c633:6410 lies in 64:ff9b::/96 and carries 198.51.100.16.');
    expect(out).toContain('Explain 198.51.100.16, as of now');
    expect(out).toContain('Ipv4AddOnBought');
  });

  it('the audit says that nothing is known of either, where that is so', async () => {
    const { err, code } = await ask(['who-had', '2001:db8:64::cb00:7109:1']);
    expect(code).toBe(3);
    expect(err).toContain('It carries 203.0.113.9, of which nothing is known either');
  });

  it('of a sold address that carries what nobody was sold, tells that', async () => {
    const { out, code } = await ask(['who-had', '2001:db8:16::cb00:7107'], '2001:db8:16::/96');
    expect(code).toBe(0);
    expect(out).toContain('srv-a');
    expect(out).toContain('carries 203.0.113.7.\n\nNothing is known of 203.0.113.7.');
  });

  it('a wrong prefix, or one for an engine that has its own, is refused', async () => {
    expect(await ask(['who-had', carrying], '2001:db8:64::/64')).toMatchObject({
      code: 2,
      err: expect.stringContaining('a prefix of 80 or 96 bits') as string,
    });
    const online = await run(['audit', 'who-had', carrying, '--source-embedding', '2001:db8:64::/80']);
    expect(online).toMatchObject({ code: 2, err: expect.stringContaining('goes with --offline') as string });
  });
});

function embeddingOf(text: string): SourceEmbedding {
  const found = parseSourceEmbedding(text);
  if (found === undefined) throw new Error(`no prefix: ${text}`);
  return found;
}
