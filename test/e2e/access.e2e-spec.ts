import { readFileSync } from 'node:fs';
import { catalogue, eventTypes } from '../../events/index.js';
import { tokenScopes } from '../../src/auth/principal.js';
import { newToken } from '../../src/auth/token.js';
import { readTokens, writeTokens } from '../../src/auth/tokens-file.js';
import { eventExamples, exampleEvent, type PublishedType } from '../../src/intake/event-examples.js';
import { eventType, RunningEngine } from './running-engine.js';

let engine: RunningEngine;
beforeAll(async () => {
  engine = await RunningEngine.start();
});
afterAll(() => engine.stop());

const eventOf = (type: string): object =>
  type in eventExamples ? exampleEvent(type as PublishedType) : exampleEvent('LinkUp', { type, id: `own-${type}` });

describe('publishing', () => {
  it.each(tokenScopes.flatMap((scope) => eventTypes.map((type) => [scope, type] as const)))(
    'with the scope %s is open for %s exactly when the type is of that scope',
    async (scope, type) => {
      const answer = await engine.publish(eventOf(type), engine.tokens[scope]);
      expect(answer.status).toBe(catalogue[type].scope === scope ? 201 : 403);
      if (answer.status === 403 && catalogue[type].scope !== 'own-rooms') {
        expect(answer.body['missingScopes']).toContain(catalogue[type].scope);
      }
    },
  );

  it.each(eventTypes.filter((type) => catalogue[type].scope === 'own-rooms'))(
    'never takes %s, whatever the token may do',
    async (type) => {
      const head = await engine.parts.store.head();
      const answer = await engine.publish(eventOf(type));
      expect(answer).toMatchObject({
        status: 403,
        body: { type: 'https://portledger.dev/problems/type-not-accepted' },
      });
      expect(await engine.parts.store.head()).toEqual(head);
    },
  );

  it.each(['viewer', 'security-analyst', 'auditor'] as const)(
    'is refused to %s before anybody looks at the events, and names the scopes',
    async (scope) => {
      const answer = await engine.publish([], engine.tokens[scope]);
      expect(answer).toMatchObject({ status: 403, body: { missingScopes: ['publisher', 'operator', 'link-source'] } });
    },
  );

  it('as another source is refused', async () => {
    const answer = await engine.publish(exampleEvent('LinkUp', { source: 'urn:billing:us' }));
    expect(answer).toMatchObject({ status: 403, body: { errors: [{ pointer: '/source' }] } });
  });

  it.each([
    ['no token', undefined],
    ['a word that is no token', 'secret'],
    ['an unknown token', `portledger_aaaaaaaa_${newToken().secret}`],
  ])('with %s is answered 401', async (_name, token) => {
    const headers: Record<string, string> = { 'content-type': eventType };
    if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
    const answer = await engine.call('/v1/events', {
      method: 'POST',
      headers,
      body: JSON.stringify(exampleEvent('LinkUp')),
    });
    expect(answer).toMatchObject({ status: 401, body: { type: 'https://portledger.dev/problems/unauthenticated' } });
    expect(answer.headers.get('www-authenticate')).toContain('Bearer');
  });
});

describe('a token', () => {
  it('is never written to the log, nor are those that were refused', async () => {
    await engine.publish(exampleEvent('LinkUp', { id: 'logged' }));
    await engine.call('/v1/events', {
      method: 'POST',
      headers: { authorization: 'Bearer portledger_canary01_x' },
      body: '{',
    });
    const log = engine.logLines.join('');
    for (const token of Object.values(engine.tokens)) expect(log).not.toContain(token.slice(-43));
    expect(log).not.toContain('canary01');
    expect(log).toContain('engine started');
  });

  it('stops working while the engine runs, soon after it was revoked', async () => {
    const id = engine.tokens.viewer.split('_')[1];
    const token = engine.tokens.publisher;
    expect((await engine.publish(exampleEvent('ServerAdded'), token)).status).toBe(201);
    writeTokens(
      engine.tokensFile,
      readTokens(engine.tokensFile).filter((one) => one.name !== 'publisher'),
    );
    let status = 201;
    for (let round = 0; round < 300 && status !== 401; round++) {
      status = (await engine.publish(exampleEvent('ServerAdded'), token)).status;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(status).toBe(401);
    expect(readFileSync(engine.tokensFile, 'utf8')).toContain(id);
  });
});
