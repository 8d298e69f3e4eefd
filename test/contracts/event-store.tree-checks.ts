import type { StoredEvent } from '../../events/index.js';
import type { EventStore } from '../../src/event-store/event-store.port.js';
import { newEvents, type StoreCheck, stored, wholeLog } from './event-store.check.js';
import { auditPath, consistency, independentLeaf, treeHash } from './rfc-6962.js';

export const treeChecks: readonly StoreCheck[] = [
  {
    name: 'has the tree head of RFC 6962 over the leaves of its events, from the first event on',
    async run(store) {
      expect(await store.tree.head()).toEqual({ size: 0, root: treeHash([]) });
      // Past 512, so that subtrees of 256 leaves are made on the way.
      for (const count of [1, 1, 1, 4, 1, 120, 128, 1, 255, 2]) {
        await stored(store, `server-${count}`, newEvents(count));
        const leaves = await leavesOf(store);
        expect(await store.tree.head()).toEqual({ size: leaves.length, root: treeHash(leaves) });
      }
    },
  },
  {
    name: 'still knows the root of every earlier size',
    async run(store) {
      const leaves = await grown(store);
      for (const size of [0, 1, 2, 3, 7, 8, 9, 100, 255, 256, 257, 299, 300])
        expect(await store.tree.rootAt(size)).toEqual(treeHash(leaves.slice(0, size)));
      await expect(store.tree.rootAt(leaves.length + 1)).rejects.toThrow(RangeError);
    },
  },
  {
    name: 'proves that an event is in the log by the audit path of RFC 6962',
    async run(store) {
      const leaves = await grown(store);
      const cases: [number, number][] = [
        [0, 1],
        ...places.map((ordinal): [number, number] => [ordinal, leaves.length]),
      ];
      for (const [ordinal, size] of [...cases, [2, 3], [4, 7], [255, 256], [200, 257]] as const)
        expect(await store.tree.inclusionProof(ordinal, size)).toEqual(auditPath(ordinal, leaves.slice(0, size)));
      for (const [ordinal, size] of [
        [300, 300],
        [-1, 300],
        [0, 301],
      ] as const)
        await expect(store.tree.inclusionProof(ordinal, size)).rejects.toThrow(RangeError);
    },
  },
  {
    name: 'proves by RFC 6962 that the log begins with what it was earlier',
    async run(store) {
      const leaves = await grown(store);
      for (const [earlier, size] of [
        [1, 1],
        [3, 7],
        [4, 7],
        [6, 8],
        [1, 300],
        [128, 300],
        [255, 300],
        [256, 300],
        [257, 300],
        [299, 300],
        [300, 300],
      ] as const)
        expect(await store.tree.consistencyProof(earlier, size)).toEqual(consistency(earlier, leaves.slice(0, size)));
      for (const [earlier, size] of [
        [0, 300],
        [8, 7],
        [1, 301],
      ] as const)
        await expect(store.tree.consistencyProof(earlier, size)).rejects.toThrow(RangeError);
    },
  },
];

const places = [0, 1, 2, 127, 128, 254, 255, 256, 257, 298, 299];

async function grown(store: EventStore): Promise<Buffer[]> {
  for (const stream of ['server-a', 'server-b', 'server-c']) await stored(store, stream, newEvents(100));
  return leavesOf(store);
}

async function leavesOf(store: EventStore): Promise<Buffer[]> {
  return (await wholeLog(store)).map((event: StoredEvent) => independentLeaf(event));
}
