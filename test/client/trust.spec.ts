import { createServer } from 'node:https';
import { PortledgerClient } from '../../src/client/index.js';
import { selfSigned } from '../support/self-signed.js';
import { fact, token } from './moody-client.js';
import { type Mood, MoodyEngine } from './moody-engine.js';

describe('an engine with a certificate of its own authority', () => {
  const own = selfSigned('localhost');
  let engine: MoodyEngine;
  let client: PortledgerClient | undefined;
  const open = (ca?: string): PortledgerClient => {
    const url = `https://127.0.0.1:${engine.port}`;
    const pauses = { firstMs: 1, longestMs: 5 };
    const own = ca === undefined ? {} : { ca };
    return (client = new PortledgerClient({ url, token, source: 'urn:test', pauses, ...own }));
  };
  beforeEach(async () => {
    engine = await MoodyEngine.start((handler) => createServer({ key: own.key, cert: own.certificate }, handler));
  });
  afterEach(async () => {
    await client?.close();
    await engine.stop();
  });

  it('is spoken to by whoever has that authority, through every kind of trouble', async () => {
    const moods: Mood[] = ['reset before', 'half body', { status: 503, retryAfter: '0' }, 'reset after'];
    engine.mood = () => moods.shift() ?? 'well';
    expect(await open(own.certificate).publish(fact('f1', 's1'))).toMatchObject({ stored: true, ordinal: 0 });
    expect(engine.requests).toHaveLength(5);
    expect(engine.log).toHaveLength(1);
    expect(engine.requests[0]?.headers.authorization).toBe(`Bearer ${token}`);
  });

  it.each([
    ['no authority but those of the system', undefined],
    ['another one', selfSigned('localhost').certificate],
  ])('gets nothing from whoever has %s, who is told at once', async (_, ca) => {
    const outcome = open(ca).publish(fact('f1', 's1'));
    await expect(outcome).rejects.toThrow(/got no answer in 1 attempt: .*(SELF_SIGNED|UNABLE_TO)/);
    expect(engine.requests).toEqual([]);
  });
});
