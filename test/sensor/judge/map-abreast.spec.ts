import type { StoredEvent } from '../../../events/index.js';
import { mapIsAbreast } from '../../../src/sensor/judge/map-abreast.js';
import { temporaryDirectories } from '../../event-store/temporary-directory.js';
import { rack, stored } from '../../projections/rules/rack.js';
import { openRig, type Rig } from './sensor-rig.js';

const newDirectory = temporaryDirectories();
let rig: Rig;
afterEach(() => rig.close());

const append = ({ id, stream, type, data, metadata }: StoredEvent): Promise<unknown> => {
  const { source, sourceId, schemaVersion, time } = metadata;
  const event = { id, type, data: data as object, metadata: { source, sourceId, schemaVersion, time } };
  return rig.store.append({ stream, expected: 'any', events: [event] });
};

describe('a map that is abreast of the log', () => {
  it('has what was being stored when it was asked for, also where nobody has heard that it is stored', async () => {
    rig = await openRig(newDirectory(), { mapLagMs: 50 });
    rig.projector.start();
    const appends = stored(rack).map(append);
    await mapIsAbreast(rig.store, rig.projector.liveMap, 8_000);
    expect(rig.projector.liveMap.ordinal).toBe(rack.length - 1);
    await Promise.all(appends);
  });

  it('is waited for no longer than the patience, and stores nothing itself', async () => {
    rig = await openRig(newDirectory());
    await Promise.all(stored(rack).map(append));
    await mapIsAbreast(rig.store, rig.projector.liveMap, 20);
    expect(rig.projector.liveMap.ordinal).toBe(-1);
    expect((await rig.store.head())?.ordinal).toBe(rack.length - 1);
  });
});
