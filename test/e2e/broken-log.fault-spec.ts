import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { formatToken, newToken, secretHash } from '../../src/auth/token.js';
import { writeTokens } from '../../src/auth/tokens-file.js';
import { openEmbeddedReader } from '../../src/event-store/embedded/embedded.event-store.js';
import { exampleEvent } from '../../src/intake/event-examples.js';
import { wholeLog } from '../contracts/event-store.check.js';
import { batchType, hardlyLimited, source } from './running-engine.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'portledger-broken-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function makeToken(): string {
  const token = newToken();
  const sha256 = secretHash(token.secret).toString('hex');
  const facts = { id: token.id, name: 'billing', sha256, source, createdAt: '2026-01-01T00:00:00.000Z' };
  writeTokens(join(directory, 'tokens.json'), [{ ...facts, scopes: ['publisher' as const] }]);
  return formatToken(token);
}

describe('an engine whose disk fails a write', () => {
  it('ends at once with one named error, not with a full disk, and keeps what it acknowledged', async () => {
    const token = makeToken();
    writeFileSync(
      join(directory, 'portledger.json'),
      JSON.stringify({ dataDir: './data', tokensFile: './tokens.json', listen: { port: 0 }, limits: hardlyLimited }),
    );
    // A file that may not grow any further fails the write (EFBIG), which SQLite reports as an I/O error.
    const limited = ['-c', 'ulimit -f 1200 && exec "$@"', 'sh', process.execPath, resolve('dist/src/cli.js')];
    const child = spawn('sh', [...limited, 'serve', '--log-format', 'json'], {
      cwd: directory,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const impatient = setTimeout(() => child.kill('SIGKILL'), 60_000);
    const said = { out: '', err: '' };
    child.stderr.on('data', (data: Buffer) => (said.err += data.toString()));
    const closed = once(child, 'close') as Promise<[number | null]>;
    for await (const data of child.stdout) {
      said.out += String(data);
      if (said.out.includes('listens on')) break;
    }
    const url = /listens on (\S+)/.exec(said.out)?.[1] ?? said.err;
    const acknowledged: string[] = [];
    for (let round = 0; round < 1000; round++) {
      const batch = Array.from({ length: 20 }, (_, index) => {
        const id = `s${round}-${index}`;
        return exampleEvent('ServerSuspended', { id, subject: id, data: { serverId: id, reason: 'x'.repeat(450) } });
      });
      const headers = { authorization: `Bearer ${token}`, 'content-type': batchType };
      const answer = await fetch(`${url}/v1/events`, { method: 'POST', headers, body: JSON.stringify(batch) })
        .then(async (response) => ({ status: response.status, body: (await response.json()) as Answer }))
        .catch(() => undefined);
      if (answer === undefined || answer.status !== 200) break;
      acknowledged.push(...answer.body.results.map(({ eventId }) => eventId));
    }
    const [code] = await closed;
    clearTimeout(impatient);
    expect({ code, err: said.err }).toMatchObject({ code: 1 });
    const errors = said.err.split('\n').filter((line) => line.includes('"level":"error"'));
    expect(errors).toHaveLength(1);
    expect(JSON.parse(errors[0] ?? '')).toMatchObject({
      message: 'the log broke and the engine ends',
      code: 'store-failed',
      detail: expect.stringMatching(/Appending to .*log\.db failed.*start the engine again/) as string,
    });
    expect(acknowledged.length).toBeGreaterThan(20);
    const reader = await openEmbeddedReader(join(directory, 'data'));
    const ids = new Set((await wholeLog(reader)).map(({ id }) => id));
    await reader.close();
    expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
  });
});

interface Answer {
  readonly results: readonly { readonly eventId: string }[];
}
