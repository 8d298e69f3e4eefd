import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { catalogue, type EventData, eventTypes } from '../../events/index.js';
import type * as client from '../../src/client/index.js';
import { publishedTypes } from '../../src/client/fact.js';
import type { MapAnswer, MapFilters } from '../../src/audit/map-answer.js';
import type { FindAnswer } from '../../src/audit/find/find.js';
import type { CapacityAnswer } from '../../src/control/capacity.js';
import type { ServerStatus } from '../../src/control/server-status.js';
import type { DryReceipt, Receipt } from '../../src/intake/receipt.js';
import type { FullReceipt } from '../../src/intake/receipts.js';
import { readSources } from '../architecture/source-file.js';
import { built, loadedWith } from '../support/loaded-with.js';

/** Fails to compile where what the engine says is not what the client promises. */
type Promised<Engine extends Client, Client> = Engine & Client;
export type EngineKeepsIts = [
  Promised<Receipt, Omit<client.Stored, 'stored'>>,
  Promised<DryReceipt, Omit<client.Rehearsed, 'refused'>>,
  Promised<FullReceipt, client.Receipt>,
  Promised<ServerStatus, client.ServerStatus>,
  Promised<CapacityAnswer, client.Capacity>,
  Promised<MapAnswer, client.MapPage>,
  Promised<FindAnswer, client.SearchAnswer>,
  Promised<Record<keyof MapFilters, string>, Required<client.MapFilters>>,
  Promised<EventData<'ServerAdded'>, client.FactData<'ServerAdded'>>,
];

describe('the client', () => {
  it('loads its own files and Node alone: no event, no validator, no server, no database', () => {
    const loaded = [...loadedWith(join(built, 'src/client/index.js'))];
    expect(loaded.length).toBeGreaterThan(10);
    expect(loaded.filter((one) => !/^src\/client\/|^node:/.test(one))).toEqual([]);
  });

  it('is what portledger/client means', () => {
    const script = `import('portledger/client').then((door) => console.log(Object.keys(door).sort().join()))`;
    const said = execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' });
    expect(said.trim()).toBe('ClientClosedError,PortledgerClient,QuestionRefusedError,UnansweredError,idFromContent');
  });

  it('is imported by no room of the engine', () => {
    const users = readSources(['events', 'projections', 'src']).filter(
      ({ path, imports }) =>
        !path.startsWith('src/client/') && imports.some(({ name }) => /(^|\/)client\/|portledger\/client/.test(name)),
    );
    expect(users.map(({ path }) => path)).toEqual([]);
  });

  it('publishes what may be published from outside, about what its stream says, in the newest shape', () => {
    const published = eventTypes.filter((type) => catalogue[type].scope !== 'own-rooms');
    expect(Object.keys(publishedTypes)).toEqual(published);
    for (const type of published) {
      const { about, version } = publishedTypes[type as keyof typeof publishedTypes];
      const stream = catalogue[type].stream as unknown as (data: object) => string;
      expect(stream({ [about]: 'X' })).toMatch(/^[a-z]+-X$/);
      expect({ type, version }).toEqual({ type, version: catalogue[type].version });
    }
  });
});
