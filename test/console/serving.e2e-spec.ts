import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { RunningEngine } from '../e2e/running-engine.js';

let engine: RunningEngine;
beforeAll(async () => {
  engine = await RunningEngine.start();
});
afterAll(() => engine.stop());

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(engine.url + path, { headers, redirect: 'manual' });

async function assetsOfPage(): Promise<string[]> {
  const page = await (await get('/console/')).text();
  return [...page.matchAll(/(?:src|href)="(\/console\/assets\/[^"]+)"/g)].map((match) => match[1] ?? '');
}

describe('the console', () => {
  it('is where the bare address of the engine leads', async () => {
    const response = await get('/');
    expect(response.status).toBe(302);
    expect(response.headers.get('location')).toBe('/console/');
  });

  it.each(['/console/', '/console/violations/v1?state=new', '/console/ports/leaf1%3AEthernet16'])(
    'answers %s with the page, without a token, to be asked for again each time',
    async (path) => {
      const response = await get(path);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toMatch('text/html');
      expect(response.headers.get('cache-control')).toBe('no-cache');
      const etag = response.headers.get('etag') ?? '';
      expect((await get(path, { 'if-none-match': etag, 'cache-control': 'max-age=0' })).status).toBe(304);
    },
  );

  it('lets the browser load nothing but files of the engine, run nothing written in a page, and be framed by nobody', async () => {
    const { headers } = await get('/console/');
    const policy = headers.get('content-security-policy') ?? '';
    for (const rule of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "object-src 'none'"])
      expect(policy.split('; ')).toContain(rule);
    expect(policy).not.toMatch(/unsafe|\*|data:/);
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    });
  });

  it('has no script and no style in its markup', async () => {
    const page = await (await get('/console/')).text();
    expect(page).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/);
  });

  it('serves its files for a year under the name of their content, packed for who can unpack', async () => {
    const assets = await assetsOfPage();
    expect(assets.length).toBeGreaterThanOrEqual(3);
    for (const asset of assets) {
      expect(asset).toMatch(/-[\w-]{8}\.(?:js|css|svg)$/);
      const plain = await get(asset, { 'accept-encoding': 'identity' });
      expect(plain.status).toBe(200);
      expect(plain.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      const packed = await get(asset, { 'accept-encoding': 'gzip' });
      expect(packed.headers.get('content-encoding')).toBe('gzip');
      expect(await packed.text()).toBe(await plain.text());
    }
  });

  it.each([
    '/console/assets/nothing.js',
    '/console/assets/..%2f..%2fpackage.json',
    '/console/assets/%2e%2e%2findex.html',
  ])('has no file at %s', async (path) => expect([403, 404]).toContain((await get(path)).status));

  it('takes nothing from elsewhere: no address of another host is in its files', () => {
    const names = readdirSync('dist/console/assets').filter((name) => /\.(?:js|css)\.gz$/.test(name));
    expect(names.length).toBeGreaterThanOrEqual(2);
    for (const name of names) {
      const text = gunzipSync(readFileSync(`dist/console/assets/${name}`)).toString();
      const hosts = [...text.matchAll(/https?:\/\/[\w.-]+/g)].map(([address]) => address);
      expect(hosts.filter((address) => address !== 'http://www.w3.org')).toEqual([]);
    }
  });

  it('is small: all its scripts together are at most 80 KiB, packed, and what is read before any page at most 24', () => {
    const scripts = readdirSync('dist/console/assets').filter((name) => name.endsWith('.js.gz'));
    const bytes = (names: readonly string[]): number =>
      names.reduce((sum, name) => sum + readFileSync(`dist/console/assets/${name}`).length, 0);
    expect(bytes(scripts)).toBeLessThanOrEqual(80 * 1024);
    const first = scripts.find((name) => name.startsWith('index-')) ?? '';
    const text = gunzipSync(readFileSync(`dist/console/assets/${first}`)).toString();
    const needed = [...text.matchAll(/from"\.\/([^"]+)"/g)].map(([, name]) => `${name ?? ''}.gz`);
    expect(needed).toEqual([expect.stringMatching(/^shared-/)]);
    expect(bytes([first, ...needed])).toBeLessThanOrEqual(24 * 1024);
  });

  it('is read page by page: the first script names each page, and has none', () => {
    const first = readdirSync('dist/console/assets').find((name) => /^index-.*\.js$/.test(name)) ?? '';
    const text = readFileSync(`dist/console/assets/${first}`, 'utf8');
    expect(text).toMatch(/import\(["'`].*feed-page-/);
    expect(text).not.toContain('List of violations');
  });
});
