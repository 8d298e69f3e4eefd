import { CliError, exitCode } from '../../src/cli/command.js';
import type { EngineAnswer, EngineRequest } from '../../src/cli/engine-client.js';
import { exampleEvent } from '../../src/intake/event-examples.js';
import { type LineOutcome, Publisher } from '../../src/intake/publisher.js';

/** An engine that keeps what it stores, and fails where its plan says so. */
class SimulatedEngine {
  readonly stored: string[] = [];
  readonly requests: number[] = [];
  constructor(private readonly plan: ('ok' | 'down' | 'lost answer' | number)[] = []) {}

  request(_path: string, { body = '[]' }: EngineRequest = {}): Promise<EngineAnswer> {
    const events = JSON.parse(body) as { id: string; data: { refuse?: boolean } }[];
    this.requests.push(events.length);
    const step = this.plan.shift() ?? 'ok';
    if (step === 'down') return Promise.reject(new CliError(exitCode.unreachable, 'down'));
    if (typeof step === 'number') {
      const headers = new Headers({ 'retry-after': '2' });
      return Promise.resolve({ status: step, headers, body: { detail: 'later' } });
    }
    const results = events.map((event) => this.take(event));
    if (step === 'lost answer') return Promise.reject(new CliError(exitCode.unreachable, 'reset'));
    return Promise.resolve({ status: 200, headers: new Headers(), body: { results } });
  }

  private take({ id, data }: { id: string; data: { refuse?: boolean } }): object {
    if (data.refuse === true)
      return { status: 422, problem: { type: 'https://x/problems/invalid-event', detail: 'no' } };
    if (!this.stored.includes(id)) this.stored.push(id);
    return { status: 201, conflicts: [] };
  }
}

const event = (id: number, server: string, data: object = {}): string =>
  JSON.stringify(
    exampleEvent('ServerSuspended', { id: String(id), subject: server, data: { serverId: server, ...data } }),
  );

async function publish(engine: SimulatedEngine, lines: readonly string[]) {
  const outcomes: LineOutcome[] = [];
  const pauses: number[] = [];
  const publisher = new Publisher(
    engine,
    (outcome) => outcomes.push(outcome),
    (ms) => Promise.resolve(pauses.push(ms)),
  );
  for (const [index, text] of lines.entries()) await publisher.add({ number: index + 1, text, bytesRead: 0 });
  await publisher.flush();
  return { outcomes, pauses };
}

const many = (count: number): string[] => Array.from({ length: count }, (_, index) => event(index, `s${index}`));

describe('publishing a file', () => {
  it('sends batches of at most 500 in order', async () => {
    const engine = new SimulatedEngine();
    const { outcomes } = await publish(engine, many(1201));
    expect(engine.requests).toEqual([500, 500, 201]);
    expect(engine.stored).toEqual(many(1201).map((_, index) => String(index)));
    expect(outcomes.map((outcome) => outcome.line)).toEqual(outcomes.map((_, index) => index + 1));
  });

  it('keeps a batch below 1 MiB', async () => {
    const engine = new SimulatedEngine();
    await publish(
      engine,
      Array.from({ length: 30 }, (_, index) => event(index, 's', { reason: 'x'.repeat(60_000) })),
    );
    expect(engine.requests).toEqual([16, 14]);
  });

  it('sends the same batch again while the engine is away, and stores each event once', async () => {
    const engine = new SimulatedEngine(['ok', 'lost answer', 'down', 503, 507, 429, 'ok']);
    const { outcomes, pauses } = await publish(engine, many(600));
    expect(outcomes.every((outcome) => outcome.stored)).toBe(true);
    expect(engine.stored).toHaveLength(600);
    expect(pauses).toEqual([250, 500, 2000, 2000, 2000]);
  });

  it('gives up after a bounded number of tries', async () => {
    const gone = new SimulatedEngine(new Array<'down'>(100).fill('down'));
    await expect(publish(gone, many(1))).rejects.toMatchObject({ exitCode: exitCode.unreachable });
    expect(gone.requests).toHaveLength(3);
    const full = new SimulatedEngine(new Array<number>(100).fill(507));
    await expect(publish(full, many(1))).rejects.toMatchObject({ exitCode: exitCode.error });
    expect(full.requests).toHaveLength(8);
  });

  it('stops at once when the engine will not have it', async () => {
    const engine = new SimulatedEngine([401]);
    await expect(publish(engine, many(1))).rejects.toMatchObject({ exitCode: exitCode.error });
    expect(engine.requests).toHaveLength(1);
  });

  it('reports refused lines by number and never sends what follows them in their stream', async () => {
    const engine = new SimulatedEngine();
    const lines = [event(1, 'a', { refuse: true }), 'not json', ...many(500), event(900, 'a'), event(901, 'b')];
    const { outcomes } = await publish(engine, lines);
    expect(outcomes.filter((outcome) => !outcome.stored)).toMatchObject([
      { line: 2, code: 'malformed-json' },
      { line: 1, status: 422, code: 'invalid-event' },
      { line: 503, status: 424, code: 'predecessor-refused' },
    ]);
    expect(engine.stored).not.toContain('900');
    expect(engine.stored).toContain('901');
  });
});
