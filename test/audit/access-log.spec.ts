import { AccessLog, type NewAccess } from '../../src/audit/access/access-log.js';
import type { AppendOutcome, AppendRequest } from '../../src/event-store/event-store.port.js';
import { StoreError } from '../../src/event-store/event-store.port.js';
import { Log } from '../../src/ops/log.js';

/** A log on a disk that is full, until it is not. */
class FullStore {
  isFull = true;
  isSilent = false;
  readonly stored: AppendRequest[] = [];

  appendMany(requests: readonly AppendRequest[]): Promise<AppendOutcome[]> {
    if (this.isSilent) return new Promise(() => {});
    if (this.isFull) return Promise.reject(new StoreError('store-full', 'The disk is full.'));
    this.stored.push(...requests);
    return Promise.resolve(requests.map(() => ({ outcome: 'stored', events: [] })));
  }

  get sessions(): unknown[] {
    return this.stored.flatMap(({ events }) => events.map(({ data }) => (data as { sessionId: string }).sessionId));
  }
}

const signedIn = (sessionId: string): NewAccess => ({
  type: 'SignedIn',
  data: { user: 'anna', kind: 'local', sessionId, address: '192.0.2.1', roles: [] },
});

function opened(patienceMs?: number) {
  const store = new FullStore();
  const lines: string[] = [];
  const log = new AccessLog(store, new Log('json', (line) => lines.push(line)), Date.now, patienceMs);
  return { store, lines, log };
}

describe('what happens at the door while the log takes nothing', () => {
  it('waits, in order and each once, until the log takes it', async () => {
    const { store, log, lines } = opened();
    for (const id of ['a', 'b', 'c']) await log.record(signedIn(id));
    expect({ waiting: log.size, told: lines.length }).toEqual({ waiting: 3, told: 1 });
    store.isFull = false;
    await log.record(signedIn('d'));
    expect(store.sessions).toEqual(['a', 'b', 'c', 'd']);
    expect(new Set(store.stored.map(({ stream }) => stream))).toEqual(new Set(['access']));
    await log.close();
    expect(store.sessions).toHaveLength(4);
  });

  it('fills no memory: a thousand wait, and how many do not is told', async () => {
    const { store, log, lines } = opened();
    for (let n = 0; n < 1_100; n++) await log.record(signedIn(`s${n}`));
    expect(log.size).toBe(1_000);
    store.isFull = false;
    await log.close();
    expect(store.sessions).toEqual(Array.from({ length: 1_000 }, (_, n) => `s${n}`));
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ message: 'accesses not recorded', lost: 100 });
  });

  it('keeps nobody waiting for a log that does not answer', async () => {
    const { store, log } = opened(1);
    store.isSilent = true;
    await expect(log.record(signedIn('a'))).resolves.toBeUndefined();
    expect(log.size).toBe(1);
  });

  it('is kept as an event can be read, whatever a name holds', async () => {
    const { store, log } = opened();
    store.isFull = false;
    const token = { tokenId: 'k7m2p9qa', name: '', change: 'added', roles: [] } as const;
    await log.record({ type: 'TokenChanged', data: { ...token, name: `a\n\u202eb${'x'.repeat(400)}` } });
    await log.record({ type: 'TokenChanged', data: token });
    const [long, none] = store.stored.map(({ events }) => events[0]?.data as { name?: string });
    expect(long?.name).toMatch(/^a\ufffd\ufffdbx{252}$/);
    expect(none).not.toHaveProperty('name');
  });
});
