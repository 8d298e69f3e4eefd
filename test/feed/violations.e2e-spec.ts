import { type ClientRequest, get, type IncomingMessage } from 'node:http';
import { Module, type Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ScopeGuard } from '../../src/auth/scope.guard.js';
import { readTokens, writeTokens } from '../../src/auth/tokens-file.js';
import { Authenticator } from '../../src/auth/authenticator.js';
import { CallerLimits } from '../../src/auth/caller-limits.js';
import { hardlyLimited } from '../e2e/running-engine.js';
import { TokenRegistry } from '../../src/auth/token-registry.js';
import { AppConfig } from '../../src/config/app-config.js';
import { EVENT_STORE } from '../../src/event-store/event-store.port.js';
import { ViolationStreamController } from '../../src/feed/violation-stream.controller.js';
import { ViolationIndex } from '../../src/feed/violation-index.js';
import { ViolationsController } from '../../src/feed/violations.controller.js';
import { Log } from '../../src/ops/log.js';
import { ProblemFilter } from '../../src/ops/problem.filter.js';
import { LiveMap } from '../../src/projector/live-map.js';
import { temporaryDirectories } from '../event-store/temporary-directory.js';
import { arp, ethernet } from '../sensor/capture/frames.js';
import { openRig, type Rig, tell, until } from '../sensor/judge/sensor-rig.js';
import { tokensFile } from './tokens.js';

const newDirectory = temporaryDirectories();
const evil = '525400000066';
const spoofed = (lastByte: string): Uint8Array =>
  ethernet(0x0806, arp(2, evil, `c63364${lastByte}`, '001c73000099', 'c6336401'), { from: evil });

interface Served extends Rig {
  readonly url: string;
  readonly app: NestFastifyApplication;
  readonly analyst: string;
  readonly viewer: string;
  readonly auditor: string;
  readonly tokensFile: string;
}

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function serve(live = true, config = new AppConfig()): Promise<Served> {
  const directory = newDirectory();
  const rig = await openRig(`${directory}/data`);
  closers.push(() => rig.close());
  const { file, tokens } = tokensFile(directory, {
    analyst: 'security-analyst',
    viewer: 'viewer',
    auditor: 'auditor',
  });
  const providers = [
    { provide: EVENT_STORE, useValue: rig.store },
    { provide: LiveMap, useValue: rig.projector.liveMap },
    { provide: ViolationIndex, useValue: new ViolationIndex(rig.projector.liveMap) },
    { provide: AppConfig, useValue: config },
    { provide: Authenticator, useValue: new Authenticator({ tokens: new TokenRegistry(file) }) },
    { provide: Log, useValue: new Log('json', () => {}) },
    { provide: CallerLimits, useValue: new CallerLimits(hardlyLimited) },
    { provide: APP_GUARD, useClass: ScopeGuard },
    { provide: APP_FILTER, useClass: ProblemFilter },
  ];
  @Module({ controllers: [ViolationsController, ViolationStreamController], providers })
  class FeedModule {}
  const app = await NestFactory.create<NestFastifyApplication>(FeedModule as Type, new FastifyAdapter(), {
    logger: false,
  });
  await app.listen(0, '127.0.0.1');
  closers.push(() => app.close());
  if (live) {
    await tell(rig.store);
    rig.projector.start();
    rig.sensor.start();
    await until('the capture runs', rig.capturing);
  }
  return { ...rig, app, url: await app.getUrl(), tokensFile: file, ...tokens };
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

async function ask(served: Served, path: string, token: string = served.analyst): Promise<Answer> {
  const headers: Record<string, string> = token === '' ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(`${served.url}${path}`, { headers });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
}

/** A client of the stream, with what it has read so far. */
class Follower {
  text = '';
  ended = false;
  private constructor(
    private readonly request: ClientRequest,
    readonly response: IncomingMessage,
  ) {
    response.setEncoding('utf8');
    response.on('data', (text: string) => (this.text += text));
    response.on('close', () => (this.ended = true));
    response.on('error', () => (this.ended = true));
  }

  static open(served: Served, query = '', headers: Record<string, string> = {}): Promise<Follower> {
    return new Promise((resolve, reject) => {
      const request = get(
        `${served.url}/v1/violations/stream${query}`,
        { headers: { authorization: `Bearer ${served.analyst}`, ...headers } },
        (response) => resolve(new Follower(request, response)),
      );
      request.on('error', reject);
      closers.push(() => Promise.resolve(void request.destroy()));
    });
  }

  get ids(): string[] {
    return [...this.text.matchAll(/^id: (\d+)$/gm)].map((match) => match[1] ?? '');
  }

  get addresses(): string[] {
    return [...this.text.matchAll(/"claimedAddress":"([^"]+)"/g)].map((match) => match[1] ?? '');
  }

  hangUp(): void {
    this.request.destroy();
  }
}

describe('GET /v1/violations', () => {
  it('shows a forged ARP reply with port, victim and offender', async () => {
    const served = await serve();
    served.send(spoofed('10'));
    await until(
      'it is listed',
      async () => ((await ask(served, '/v1/violations')).body['violations'] as unknown[]).length === 1,
    );
    expect((await ask(served, '/v1/violations?victim=srv-16&rule=address-spoof')).body).toMatchObject({
      violations: [
        {
          rule: 'address-spoof',
          port: 'leaf1:Ethernet66',
          victim: { serverId: 'srv-16', customerId: 'cust-16' },
          offender: { serverId: 'srv-66', customerId: 'cust-66' },
        },
      ],
    });
    expect((await ask(served, '/v1/violations?victim=srv-66')).body).toMatchObject({ violations: [] });
  });

  it('answers a question it does not understand with a problem document', async () => {
    const served = await serve();
    const { status, headers, body } = await ask(served, '/v1/violations?limit=501');
    expect(status).toBe(400);
    expect(headers.get('content-type')).toMatch('application/problem+json');
    expect(body).toMatchObject({ type: 'https://portledger.dev/problems/question-malformed', status: 400 });
    expect(body['detail']).toContain('limit: found "501"');
  });

  it('is for security analysts and auditors', async () => {
    const served = await serve();
    for (const path of ['/v1/violations', '/v1/violations/stream']) {
      expect((await ask(served, path, '')).status).toBe(401);
      expect((await ask(served, path, served.viewer)).status).toBe(403);
    }
  });

  it('answers 503 until the map is live', async () => {
    const served = await serve(false);
    for (const path of ['/v1/violations', '/v1/violations/stream']) {
      const { status, headers } = await ask(served, path);
      expect(status).toBe(503);
      expect(headers.get('retry-after')).toBe('1');
    }
  });
});

describe('GET /v1/violations/stream', () => {
  it('is a stream of events that proxies do not hold back', async () => {
    const served = await serve();
    const follower = await Follower.open(served);
    expect(follower.response.statusCode).toBe(200);
    expect(follower.response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    // Not cut into chunks: the socket gets the very bytes that every client gets.
    expect(follower.response.headers).not.toHaveProperty('transfer-encoding');
    await until('it has begun', () => follower.text.startsWith('retry: 3000\n\n'));
    served.send(spoofed('10'));
    await until('it is told', () => follower.addresses.includes('198.51.100.16'));
    expect(follower.text).toContain('event: violation\n');
  });

  it('resumes after the last id without a gap or a double', async () => {
    const served = await serve();
    const first = await Follower.open(served);
    served.send(spoofed('10'));
    await until('the first is told', () => first.ids.length === 1);
    first.hangUp();
    served.send(spoofed('0b'));
    await until('the second is stored', () => served.projector.liveMap.map.violations.size === 2);
    const second = await Follower.open(served, '', { 'last-event-id': first.ids[0] ?? '' });
    served.send(spoofed('c8'));
    await until('both are told', () => second.addresses.length === 2);
    expect(second.addresses).toEqual(['198.51.100.11', '198.51.100.200']);
    const third = await Follower.open(served, `?after=${first.ids[0]}&rule=unassigned-address`);
    await until('the one that fits is told', () => third.addresses.length === 1);
    expect(third.addresses).toEqual(['198.51.100.200']);
  });

  it.each(['999999', 'abc', '-1', '00'])(
    'refuses to resume after %s, which is no position of this log',
    async (after) => {
      const served = await serve();
      const { status, body } = await ask(served, `/v1/violations/stream?after=${after}`);
      expect(status).toBe(400);
      expect(body).toMatchObject({ type: 'https://portledger.dev/problems/unknown-position' });
    },
  );

  it('lets go of clients that hang up, and ends the others when the engine stops', async () => {
    const served = await serve();
    const gone = await Follower.open(served);
    const staying = await Follower.open(served);
    const controller = served.app.get(ViolationStreamController);
    const open = (): number => controller.openStreams;
    expect(open()).toBe(2);
    gone.hangUp();
    await until('it is forgotten', () => open() === 1);
    await served.app.close();
    await until('the stream has ended', () => staying.ended);
    expect(open()).toBe(0);
  });

  it('lets go of a thousand clients that come and go: no place, listener or handle is left', async () => {
    const served = await serve();
    const controller = served.app.get(ViolationStreamController);
    const sockets = (): number => process.getActiveResourcesInfo().filter((one) => one === 'TCPSocketWrap').length;
    const timers = (): number => process.getActiveResourcesInfo().filter((one) => one === 'Timeout').length;
    const watched = (): boolean =>
      (served.projector.liveMap as unknown as { stored: { observers: unknown[] } }).stored.observers.length > others;
    const others = (served.projector.liveMap as unknown as { stored: { observers: unknown[] } }).stored.observers
      .length;
    const before = { sockets: sockets(), timers: timers() };
    for (let batch = 0; batch < 200; batch++) {
      const followers = await Promise.all(Array.from({ length: 5 }, () => Follower.open(served)));
      for (const follower of followers) follower.hangUp();
      await until('their places are free', () => controller.openStreams === 0);
    }
    await until('their sockets are closed', () => sockets() <= before.sockets + 2);
    await until('their timers are over', () => timers() < before.timers + 10);
    await until('nobody of them listens to the map', () => !watched());
    const last = await Follower.open(served);
    served.send(spoofed('10'));
    await until('the last one is told', () => last.addresses.length === 1);
  });

  it('gives five places to a token and two hundred to all, and says which limit is reached', async () => {
    const config = Object.assign(new AppConfig(), { feed: { streamsPerCaller: 2, streamsInAll: 3 } });
    const served = await serve(true, config);
    const first = await Follower.open(served);
    await Follower.open(served);
    const third = await ask(served, '/v1/violations/stream');
    expect(third).toMatchObject({
      status: 429,
      body: { type: 'https://portledger.dev/problems/too-many-streams', most: 2, of: 'caller' },
    });
    expect(third.body['detail']).toContain('/feed/streamsPerCaller');
    expect(third.headers.get('retry-after')).toBe('5');
    const other = { authorization: `Bearer ${served.auditor}` };
    await Follower.open(served, '', other);
    expect(await ask(served, '/v1/violations/stream', served.auditor)).toMatchObject({
      status: 429,
      body: { most: 3, of: 'all' },
    });
    first.hangUp();
    await until('a place is free', () => served.app.get(ViolationStreamController).openStreams === 2);
    const again = await Follower.open(served, '', other);
    expect(again.response.statusCode).toBe(200);
    expect(new AppConfig().feed).toMatchObject({ streamsPerCaller: 5, streamsInAll: 200 });
  });

  it.each(['is revoked', 'loses its role'])('ends within five seconds for a token that %s', async (what) => {
    const served = await serve();
    const follower = await Follower.open(served);
    served.send(spoofed('10'));
    await until('the first is told', () => follower.addresses.length === 1);
    const tokens = readTokens(served.tokensFile);
    const others = tokens.filter(({ name }) => name !== 'analyst');
    const [own] = tokens.filter(({ name }) => name === 'analyst');
    if (own === undefined) throw new Error('no token of an analyst');
    writeTokens(served.tokensFile, what === 'is revoked' ? others : [...others, { ...own, scopes: ['viewer'] }]);
    await until('the stream has ended', () => follower.ended);
    served.send(spoofed('0b'));
    await until('the next one is stored', () => served.projector.liveMap.map.violations.size === 2);
    expect(follower.addresses).toEqual(['198.51.100.16']);
    expect((await ask(served, '/v1/violations')).status).toBe(what === 'is revoked' ? 401 : 403);
  });
});
