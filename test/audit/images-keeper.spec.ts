import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LogFold } from '../../projections/index.js';
import { KnownLog } from '../../src/audit/known-log.js';
import { ImagesKeeper } from '../../src/audit/map-images/images-keeper.js';
import { imagesDirectory } from '../../src/audit/map-images/images-place.js';
import { readManifest } from '../../src/audit/map-images/manifest.js';
import { pastMap } from '../../src/audit/map-images/past-maps.js';
import { openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import type { EventStore } from '../../src/event-store/event-store.port.js';
import { Log } from '../../src/ops/log.js';
import { until } from '../projector/snapshot-rig.js';
import { storeFact } from '../support/publish.js';
import { tempDirectory } from '../support/temp-directory.js';
import { everythingOf } from '../support/told.js';

const root = tempDirectory();
const sizes = { step: 16, blockEvents: 4 };

/** A log with a keeper of its images, which looks often. */
class Rig {
  readonly lines: string[] = [];
  readonly images: string;
  readonly keeper: ImagesKeeper;

  private constructor(
    readonly store: EventStore,
    directory: string,
  ) {
    this.images = join(directory, imagesDirectory);
    const module = new URL('../../src/open-store.js', import.meta.url).href;
    const door = { module, choice: { dataDir: directory, eventStore: 'embedded' } };
    const log = new Log('json', (line) => this.lines.push(line));
    this.keeper = new ImagesKeeper({ door, directory: this.images, store, log, sizes }, 20);
  }

  static async start(name: string): Promise<Rig> {
    const directory = join(root, name);
    mkdirSync(directory);
    const rig = new Rig(await openEmbeddedStore({ directory, create: true, scrub: false }), directory);
    rig.keeper.start();
    return rig;
  }

  async sell(first: number, count: number): Promise<void> {
    for (let n = first; n < first + count; n++) {
      const data = { serverId: `srv-${n}`, customerId: 'c', port: `leaf1:E${n}`, vlan: 11 };
      await storeFact(this.store, 'ServerAdded', data);
    }
  }

  reached(ordinal: number): Promise<void> {
    return until(`images up to ${ordinal}`, () => this.reaches === ordinal);
  }

  get reaches(): number {
    return readManifest(this.images, this.store.logId)?.reaches.ordinal ?? -1;
  }

  async stop(): Promise<void> {
    await this.keeper.close();
    await this.store.close();
  }
}

describe('the keeper of the images of past maps', () => {
  it('makes images as the log grows, and makes them anew when one is found damaged', async () => {
    const rig = await Rig.start('grows');
    try {
      await rig.sell(0, 41);
      await rig.reached(39);
      await rig.sell(41, 8);
      await rig.reached(47);
      const names = readdirSync(rig.images).filter((name) => name.startsWith('image-'));
      expect(names.map((name) => Number(/\d+/.exec(name)))).toEqual([15, 31, 47]);

      for (const name of names) writeFileSync(join(rig.images, name), 'damaged');
      const known = await KnownLog.open(rig.store);
      const fold = await pastMap(rig.store, known, { at: undefined, place: rig.keeper.place });
      const expected = new LogFold();
      for (const event of (await rig.store.readAll()).events) expected.fold(event);
      expect(everythingOf(fold)).toEqual(everythingOf(expected));
      expect(rig.lines.some((line) => line.includes('map images not believed'))).toBe(true);

      await until('the damaged ones are gone', () => rig.reaches < 47);
      await rig.reached(47);
      const again = {
        directory: rig.images,
        onUnusable: (error: unknown) => void rig.lines.push(`again ${String(error)}`),
      };
      const anew = await pastMap(rig.store, known, { at: undefined, place: again });
      expect(everythingOf(anew)).toEqual(everythingOf(expected));
      expect(rig.lines.filter((line) => line.startsWith('again'))).toEqual([]);
    } finally {
      await rig.stop();
    }
  });

  it('leaves a short log alone', async () => {
    const rig = await Rig.start('short');
    try {
      await rig.sell(0, 3);
      await rig.keeper.close();
      expect(existsSync(rig.images)).toBe(false);
    } finally {
      await rig.stop();
    }
  });
});
