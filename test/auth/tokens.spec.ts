import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatToken, newToken, parseToken, secretHash } from '../../src/auth/token.js';
import { TokenRegistry } from '../../src/auth/token-registry.js';
import { readTokens, type TokenRecord, writeTokens } from '../../src/auth/tokens-file.js';

const directory = mkdtempSync(join(tmpdir(), 'portledger-tokens-'));
afterAll(() => rmSync(directory, { recursive: true }));

let files = 0;
const token = newToken();
const record: TokenRecord = {
  id: token.id,
  name: 'billing',
  sha256: secretHash(token.secret).toString('hex'),
  scopes: ['publisher'],
  source: 'urn:billing:eu',
  createdAt: '2026-01-01T00:00:00.000Z',
  expiresAt: '2026-06-01T00:00:00.000Z',
};
const march = Date.parse('2026-03-01T00:00:00Z');

function registryOf(content: string | readonly TokenRecord[], now = march) {
  const file = join(directory, `${files++}.json`);
  if (typeof content === 'string') writeFileSync(file, content);
  else writeTokens(file, content);
  let monotonic = 0;
  const registry = new TokenRegistry(file, () => now, { monotonic: () => monotonic });
  return { file, registry, later: () => void (monotonic += 1000) };
}

describe('a token', () => {
  it('has a public id and 256 bits of secret', () => {
    const text = formatToken(newToken());
    expect(text).toMatch(/^portledger_[a-z0-9]{8}_[A-Za-z0-9_-]{43}$/);
    expect(Buffer.from(parseToken(text)?.secret ?? '', 'base64url')).toHaveLength(32);
  });

  it('is known by its secret and tells its scopes and source', () => {
    const { registry } = registryOf([record]);
    expect(registry.authenticate(formatToken(token))).toEqual({
      kind: 'token',
      callerId: token.id,
      name: 'billing',
      scopes: ['publisher'],
      source: 'urn:billing:eu',
    });
  });

  it.each([
    ['another secret', formatToken({ id: token.id, secret: newToken().secret })],
    ['another id', formatToken({ id: 'aaaaaaaa', secret: token.secret })],
    ['no secret', `portledger_${token.id}_`],
    ['the hash in place of the secret', `portledger_${token.id}_${record.sha256.slice(0, 43)}`],
    ['nothing', ''],
  ])('is refused with %s', (_name, text) => {
    expect(registryOf([record]).registry.authenticate(text)).toBeUndefined();
  });

  it('is refused once it has expired', () => {
    const { registry } = registryOf([record], Date.parse('2026-06-01T00:00:00.000Z'));
    expect(registry.authenticate(formatToken(token))).toBeUndefined();
  });

  it('is refused within a second of being revoked', () => {
    const { file, registry, later } = registryOf([record]);
    expect(registry.authenticate(formatToken(token))).toBeDefined();
    writeTokens(file, []);
    later();
    expect(registry.authenticate(formatToken(token))).toBeUndefined();
  });

  it('is known as soon as it is made, also when the file was read just before', () => {
    const { file, registry } = registryOf([]);
    expect(registry.authenticate(formatToken(token))).toBeUndefined();
    writeTokens(file, [record]);
    expect(registry.authenticate(formatToken(token))).toBeDefined();
  });
});

describe('the tokens file', () => {
  it('is readable by its owner only and holds no secret', () => {
    const { file } = registryOf([record]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).not.toContain(token.secret);
    expect(readTokens(file)).toEqual([record]);
  });

  it('lets nobody in while it is missing, and says how to make it', () => {
    const { file, registry } = registryOf([record]);
    rmSync(file);
    expect(registry.authenticate(formatToken(token))).toBeUndefined();
    expect(registry.trouble).toContain('portledger token new');
  });

  it.each([
    ['text that is not JSON', '{'],
    ['an object', '{}'],
    ['a token with an unknown scope', JSON.stringify([{ ...record, scopes: ['root'] }])],
    ['a token with a short hash', JSON.stringify([{ ...record, sha256: 'ab' }])],
    ['a token with an expiry that is no date', JSON.stringify([{ ...record, expiresAt: 'never' }])],
  ])('lets nobody in while it holds %s', (_name, content) => {
    const { file, registry } = registryOf(content);
    expect(registry.authenticate(formatToken(token))).toBeUndefined();
    expect(registry.trouble).toContain(file);
  });

  it('lets people in again once it is mended', () => {
    const { file, registry, later } = registryOf('{');
    expect(registry.authenticate(formatToken(token))).toBeUndefined();
    writeTokens(file, [record]);
    later();
    expect(registry.authenticate(formatToken(token))).toBeDefined();
    expect(registry.trouble).toBeUndefined();
  });
});
