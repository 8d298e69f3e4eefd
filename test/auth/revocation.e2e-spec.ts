import { RunningEngine } from '../e2e/running-engine.js';
import { readTokens, type TokenRecord, writeTokens } from '../../src/auth/tokens-file.js';
import { GatewayConfig, SensorConfig } from '../../src/config/app-config.js';
import { Browser } from './browser.js';
import { changeUser, password, putUser } from './local-user.js';

let engine: RunningEngine;
let tokens: TokenRecord[];
beforeAll(async () => {
  engine = await RunningEngine.start();
  tokens = readTokens(engine.tokensFile);
});
beforeEach(() => writeTokens(engine.tokensFile, tokens));
afterAll(() => engine.stop());

interface Following {
  readonly status: number;
  /** Resolves with the ms that the answer was open, once it is cut or ends. */
  readonly ended: Promise<number>;
  readonly isOpen: () => boolean;
}

async function follow(path: string, headers: Record<string, string>): Promise<Following> {
  const began = performance.now();
  let open = true;
  const request = fetch(engine.url + path, { headers });
  // The head of a wait comes with its end.
  const isWait = path.includes('wait=');
  const status = isWait ? 200 : (await request).status;
  const ended = (async () => {
    try {
      for await (const part of (await request).body ?? []) void part;
    } catch {
      // Cut.
    }
    open = false;
    return performance.now() - began;
  })();
  return { status, ended, isOpen: () => open };
}

async function mustEnd({ ended }: Following): Promise<void> {
  const late = new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), 20_000).unref());
  expect(await Promise.race([ended.then(() => 'cut'), late])).toBe('cut');
}

const revoke = (name: string): void =>
  writeTokens(
    engine.tokensFile,
    readTokens(engine.tokensFile).filter((one) => one.name !== name),
  );

describe('an answer under way', () => {
  it.each([
    ['the stream of violations', '/v1/violations/stream'],
    ['who follows the log', '/v1/log?stream=server-nobody&wait=25'],
  ])('ends when its token is revoked: %s', async (_name, path) => {
    const mine = await follow(path, { authorization: `Bearer ${engine.tokens.auditor}` });
    const others = await follow('/v1/violations/stream', {
      authorization: `Bearer ${engine.tokens['security-analyst']}`,
    });
    expect([mine.status, others.status]).toEqual([200, 200]);
    expect(mine.isOpen()).toBe(true);
    revoke('auditor');
    await mustEnd(mine);
    expect(others.isOpen()).toBe(true);
    revoke('security-analyst');
    await mustEnd(others);
  });

  it.each([
    ['is disabled', { isDisabled: true }],
    ['loses the role', { roles: ['viewer'] }],
    ['has a new password', { passwordSetAt: '2026-02-02T00:00:00.000Z' }],
  ] as const)('ends when its user %s', async (_name, change) => {
    await putUser(engine.usersFile, 'anna', ['auditor']);
    const browser = new Browser(engine);
    await browser.signIn('anna', password);
    const stream = await follow('/v1/violations/stream', cookieOf(browser));
    expect(stream.status).toBe(200);
    changeUser(engine.usersFile, 'anna', change);
    await mustEnd(stream);
  });

  it('ends when its session is ended, by its user or by an admin', async () => {
    await putUser(engine.usersFile, 'anna', ['auditor']);
    await putUser(engine.usersFile, 'root', ['admin']);
    const admin = new Browser(engine);
    await admin.signIn('root', password);
    for (const by of ['user', 'admin']) {
      const browser = new Browser(engine);
      await browser.signIn('anna', password);
      const stream = await follow('/v1/violations/stream', cookieOf(browser));
      expect(stream.status).toBe(200);
      if (by === 'user') await browser.call('DELETE', '/v1/session');
      else {
        const { body } = await admin.call('GET', '/v1/sessions');
        const ofAnna = (body['sessions'] as { id: string; user: string }[]).filter(({ user }) => user === 'anna');
        const id = ofAnna.at(-1)?.id ?? '';
        expect((await admin.call('DELETE', `/v1/sessions/${id}`)).status).toBe(204);
      }
      await mustEnd(stream);
    }
  });
});

describe('the grants that a sensor follows', () => {
  it('end when its token is revoked', async () => {
    await engine.stop();
    const sensor = Object.assign(new SensorConfig(), {
      name: 'tap',
      remote: true,
      switch: 'leaf1',
      vlan: 16,
      interface: 'tap0',
      port: 'leaf1:Ethernet16',
    });
    const gateway = Object.assign(new GatewayConfig(), { switch: 'leaf1' });
    engine = await RunningEngine.start(undefined, { settings: { sensors: [sensor], gateways: [gateway] } });
    const records = readTokens(engine.tokensFile);
    writeTokens(
      engine.tokensFile,
      records.map((one) => (one.name === 'sensor' ? { ...one, sensor: 'tap' } : one)),
    );
    const headers = { authorization: `Bearer ${engine.tokens.sensor}` };
    let stream = await follow('/v1/sensor/grants', headers);
    for (let round = 0; round < 300 && stream.status !== 200; round++) {
      await stream.ended;
      await new Promise((resolve) => setTimeout(resolve, 100));
      stream = await follow('/v1/sensor/grants', headers);
    }
    expect(stream.status).toBe(200);
    revoke('sensor');
    await mustEnd(stream);
  });
});

const cookieOf = ({ cookies }: Browser): Record<string, string> => ({
  cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
});
