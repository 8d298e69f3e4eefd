import type { EventStore } from '../../src/event-store/event-store.port.js';
import type { AllocatorOptions } from '../../src/reactors/allocator.reactor.js';

/** What becomes of appends: most are stored; some are lost before, some have their answer lost. */
export function troubled(store: EventStore, fate: () => number): AllocatorOptions['store'] {
  return {
    readStream: store.readStream.bind(store),
    append: async (request) => {
      const drawn = fate();
      if (drawn < 1) throw new Error('killed between decision and append');
      const answer = await store.append(request);
      if (drawn < 2) throw new Error('killed between append and answer');
      return answer;
    },
  };
}
