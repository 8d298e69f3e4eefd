import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../../src/config/load-config.js';
import { portledger, type Said, speakingTo } from '../cli/said.js';
import { RunningEngine } from '../e2e/running-engine.js';
import { until } from '../reactors/reactor-bench.js';
import { storeFact } from '../support/publish.js';
import { violationData, WebhookReceiver } from './webhook-receiver.js';

const secret = `whsec_${randomBytes(32).toString('base64')}`;

describe('an engine with destinations', () => {
  let directory: string;
  let engine: RunningEngine;
  let soc: WebhookReceiver;
  let billing: WebhookReceiver;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'portledger-alerts-'));
    const secretFile = join(directory, 'hook.secret');
    writeFileSync(secretFile, `${secret}\n`, { mode: 0o600 });
    soc = await WebhookReceiver.start(secret);
    billing = await WebhookReceiver.start(secret);
    const allow = ['127.0.0.0/8'];
    const { alerts } = parseConfig(
      {
        alerts: {
          url: 'https://portledger.example',
          destinations: [
            {
              name: 'soc',
              severity: 'medium',
              webhook: { url: `${soc.url}?key=canary`, secretFiles: [secretFile], allow },
            },
            { name: 'billing', billing: true, webhook: { url: billing.url, secretFiles: [secretFile], allow } },
          ],
        },
      },
      join(directory, 'portledger.json'),
    );
    engine = await RunningEngine.start(undefined, { settings: { alerts } });
    await until(async () => (await statuses()).every(({ state }) => state === 'ok'));
  });
  beforeEach(() => {
    for (const receiver of [soc, billing]) {
      receiver.received.length = 0;
      receiver.answer = (response) => void response.writeHead(204).end();
    }
  });
  afterAll(async () => {
    await engine.stop();
    await Promise.all([soc.close(), billing.close()]);
    rmSync(directory, { recursive: true });
  });

  const say = (...words: string[]): Promise<Said> => portledger(words, speakingTo(engine, engine.tokens.every));
  const statuses = async (): Promise<{ name: string; state: string; givenUp: string[] }[]> =>
    (await say('alerts', 'destinations', '--json')).out
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { name: string; state: string; givenUp: string[] });
  const deliveries = async (...words: string[]): Promise<{ what: string; destination: string }[]> =>
    (await say('alerts', 'deliveries', '--json', ...words)).out
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { what: string; destination: string });
  const found = (id: string, more: object = {}): Promise<number> =>
    storeFact(engine.parts.store, 'ViolationDetected', violationData(id, more));

  it('tells a violation once, signed, with a link, and shows that it did; a restart tells nothing again', async () => {
    await found('a-1');
    await found('mild', { severity: 'low' });
    await until(() => soc.received.length === 1);
    expect(soc.received[0]).toMatchObject({
      type: 'violation.new',
      data: { violation: { violationId: 'a-1', url: 'https://portledger.example/console/violations/a-1' } },
    });
    await until(async () => (await deliveries()).some(({ what }) => what === 'AlertDelivered'));
    await engine.restart();
    await found('a-2');
    await until(() => soc.received.length === 2);
    expect(soc.received[1]?.data).toMatchObject({ violation: { violationId: 'a-2' } });
    expect(billing.received).toEqual([]);
    expect((await say('alerts', 'deliveries')).out).toMatch(/delivered +violation\.new/);
  });

  it('asks billing, and nobody else, to contain a server, with the link to the evidence', async () => {
    await found('b-1');
    await storeFact(engine.parts.store, 'ContainmentRequested', {
      ...{ violationId: 'b-1', serverId: 'srb-66', by: 'token:night', reason: 'it forges' },
      evidence: '/v1/violations/b-1/evidence',
    });
    await until(() => billing.received.length === 1);
    expect(billing.received[0]).toMatchObject({
      type: 'containment.requested',
      data: {
        serverId: 'srb-66',
        reason: 'it forges',
        by: 'token:night',
        evidence: 'https://portledger.example/v1/violations/b-1/evidence',
        violation: { violationId: 'b-1' },
      },
    });
    await until(() => soc.received.length === 1);
    expect(soc.types).toEqual(['violation.new']);
  });

  it('sends a test when asked, and says what came of it', async () => {
    expect(await say('alerts', 'test', 'soc')).toMatchObject({ code: 0, out: 'soc took it.\n' });
    expect(soc.types).toEqual(['test']);
    soc.answer = (response) => void response.writeHead(500).end('canary');
    expect(await say('alerts', 'test', 'soc')).toMatchObject({
      code: 1,
      out: 'soc did not take it: it answered 500.\n',
    });
    expect(await say('alerts', 'test', 'sock')).toMatchObject({ code: 3 });
  });

  it('stops at a 410, says so, and goes on when an operator enables it', async () => {
    soc.answer = (response) => void response.writeHead(410).end();
    await found('d-1');
    await until(async () => (await statuses())[0]?.state === 'disabled');
    const ready = await engine.call('/readyz');
    expect(JSON.stringify(ready.body['alerts'])).toContain('portledger alerts enable soc');
    soc.answer = (response) => void response.writeHead(204).end();
    expect(await say('alerts', 'enable', 'soc')).toMatchObject({ code: 0, out: 'soc is enabled.\n' });
    await until(() => soc.received.length === 2);
    expect(soc.received[1]?.id).toBe(soc.received[0]?.id);
    expect(await say('alerts', 'enable', 'soc')).toMatchObject({ code: 4 });
  });

  it('tries again at once when somebody says so', async () => {
    soc.answer = (response) => void response.writeHead(503, { 'retry-after': '3600' }).end();
    await found('e-1');
    await until(async () => (await statuses())[0]?.state === 'failing');
    soc.answer = (response) => void response.writeHead(204).end();
    expect(await say('alerts', 'retry', 'soc', '--message', 'none')).toMatchObject({ code: 3 });
    await until(async () => (await say('alerts', 'retry', 'soc')).out.startsWith('1 message is'));
    await until(() => soc.received.length >= 2);
    expect(new Set(soc.received.map(({ id }) => id)).size).toBe(1);
  });

  it('shows what was sent page by page, of all destinations or of one, newest first', async () => {
    for (const id of ['f-1', 'f-2', 'f-3']) {
      await found(id);
      await until(async () => (await statuses())[0]?.state === 'ok');
    }
    await until(async () => JSON.stringify(await deliveries()).includes('f-3'));
    const all = await deliveries();
    const headers = { authorization: `Bearer ${engine.tokens.auditor}` };
    const paged: unknown[] = [];
    let cursor = '';
    do {
      const { body } = await engine.call(`/v1/alerts/deliveries?limit=1${cursor}`, { headers });
      paged.push(...(body['deliveries'] as unknown[]));
      cursor = typeof body['next'] === 'string' ? `&cursor=${encodeURIComponent(body['next'])}` : '';
    } while (cursor !== '' && paged.length < 50);
    expect(paged).toEqual(all);
    const ofBilling = await deliveries('--destination', 'billing');
    expect(ofBilling).toEqual(all.filter(({ destination }) => destination === 'billing'));
    expect(ofBilling.at(-1)?.what).toBe('DestinationAdded');
    for (const query of ['limit=0', 'limit=201', 'cursor=x', 'destination=none', 'made=up'])
      expect((await engine.call(`/v1/alerts/deliveries?${query}`, { headers })).status).toBe(400);
  });

  it('tells nobody the rest of the URL, nor a secret, in an answer or in its log', async () => {
    await found('g-1');
    await until(() => soc.received.length === 1);
    const shown =
      (await say('alerts', 'destinations')).out + JSON.stringify(await deliveries()) + engine.logLines.join('');
    expect(shown).not.toMatch(/canary|whsec_/);
    expect((await say('alerts', 'destinations')).out).toMatch(/^soc +webhook +http:\/\/127\.0\.0\.1:\d+ +ok/m);
  });
});
