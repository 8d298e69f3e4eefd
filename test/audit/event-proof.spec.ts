import { join } from 'node:path';
import { findEvent, type ProvableLog } from '../../src/audit/event-proof.js';
import { openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import type { EventStore } from '../../src/event-store/event-store.port.js';
import { storeFacts } from '../support/publish.js';
import { tempDirectory } from '../support/temp-directory.js';

const count = 2_500;
const directory = tempDirectory();
let store: EventStore;
beforeAll(async () => {
  store = await openEmbeddedStore({ directory: join(directory, 'log'), create: true });
  const facts = Array.from({ length: count }, (_, number) => ({
    type: 'ServerResumed' as const,
    data: { serverId: `srv-${number}` },
  }));
  await storeFacts(store, facts);
});
afterAll(() => store.close());

/** The log, and how many events it handed out. */
function counting(): { readonly log: ProvableLog; readonly handedOut: () => number } {
  let events = 0;
  const counted = async <Found>(found: Promise<Found>, many: (found: Found) => number): Promise<Found> => {
    const answer = await found;
    events += many(answer);
    return answer;
  };
  const log: ProvableLog = {
    logId: store.logId,
    tree: store.tree,
    findById: (id) => counted(store.findById(id), (event) => (event === undefined ? 0 : 1)),
    readAt: (ordinals) => counted(store.readAt(ordinals), ({ length }) => length),
    readAll: (options) => counted(store.readAll(options), ({ events: page }) => page.length),
  };
  return { log, handedOut: () => events };
}

describe('an event that is to be proved', () => {
  it.each([0, 1, count / 2, count - 1])('is found as #%d by reading it alone', async (ordinal) => {
    const { log, handedOut } = counting();
    expect(await findEvent(log, { ordinal })).toMatchObject({ ordinal, data: { serverId: `srv-${ordinal}` } });
    expect(handedOut()).toBe(1);
  });

  it('is found by its id and by its position at the cost of a few as well', async () => {
    const [wanted] = await store.readAt([1_777]);
    if (wanted === undefined) throw new Error('the log has no #1777');
    for (const name of [{ id: wanted.id }, { position: wanted.position }]) {
      const { log, handedOut } = counting();
      expect(await findEvent(log, name)).toEqual(wanted);
      expect(handedOut()).toBeLessThanOrEqual(2);
    }
  });

  it.each([count, 1e9, Number.MAX_SAFE_INTEGER])('is none as #%d, which the log has not reached', async (ordinal) => {
    const { log, handedOut } = counting();
    expect(await findEvent(log, { ordinal })).toBeUndefined();
    expect(handedOut()).toBe(0);
  });
});
