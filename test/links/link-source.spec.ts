import type { PortId } from '../../events/index.js';
import { openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import type { EventStore } from '../../src/event-store/event-store.port.js';
import { type LinkReader, LinkSource } from '../../src/links/link-source.js';
import { PortLinks } from '../../src/links/port-links.js';
import { Projector } from '../../src/projector/projector.js';
import { until } from '../reactors/reactor-bench.js';
import { tempDirectory } from '../support/temp-directory.js';

const port16 = 'leaf1:Ethernet16' as PortId;
const port11 = 'leaf1:Ethernet11' as PortId;

/** The links of a box, in this process: true where somebody alive is at the other end. */
class SimulatedLinks implements LinkReader {
  readonly carriers = new Map([
    ['vlan16', false],
    ['vlan11', false],
  ]);
  fault: string | undefined;
  reads = 0;
  private onHint: (name: string | undefined) => void = () => undefined;

  read(only: readonly string[] | undefined): ReturnType<LinkReader['read']> {
    this.reads++;
    if (this.fault !== undefined) return Promise.reject(new Error(this.fault));
    const shown = [...this.carriers].filter(([name]) => only?.includes(name) ?? true);
    return Promise.resolve(new Map(shown.map(([name, carrier]) => [name, { adminUp: true, carrier }])));
  }

  watch(onHint: (name: string | undefined) => void): void {
    this.onHint = onHint;
  }

  set(name: string, up: boolean): void {
    this.carriers.set(name, up);
    this.onHint(name);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

describe('the link source', () => {
  const directory = tempDirectory();
  let round = 0;
  let store: EventStore;
  let projector: Projector;
  let links: SimulatedLinks;
  let problems: (string | undefined)[];
  const sources: LinkSource[] = [];

  beforeEach(async () => {
    store = await openEmbeddedStore({ directory: `${directory}/${round++}`, create: true });
    projector = new Projector(store);
    projector.start();
    await until(() => projector.liveMap.live);
    links = new SimulatedLinks();
    problems = [];
  });
  afterEach(async () => {
    for (const source of sources.splice(0)) await source.close();
    await projector.close();
    await store.close();
  });

  function start({ upsPerMinute = 20 } = {}): LinkSource {
    const ports = new Map([
      [port16, 'vlan16'],
      [port11, 'vlan11'],
    ]);
    const source = new LinkSource({
      name: 'leaf1',
      ports,
      reader: links,
      links: new PortLinks({
        members: new Map([['leaf1', ports.keys()]]),
        store,
        liveMap: projector.liveMap,
        upsPerMinute,
      }),
      resyncMs: 3_600_000,
      onProblem: (problem) => problems.push(problem),
    });
    sources.push(source);
    source.start();
    return source;
  }

  const storedOf = async (port: PortId): Promise<string[]> =>
    (await store.readStream(`port-${port}`)).events.map(({ type }) => type);
  const untilStored = (port: PortId, types: readonly string[]): Promise<void> =>
    until(async () => (await storedOf(port)).join() === types.join());

  it('stores the full state at its start, and then only changes', async () => {
    links.carriers.set('vlan16', true);
    start();
    await untilStored(port16, ['LinkUp']);
    await untilStored(port11, ['LinkDown']);
    links.set('vlan16', true);
    links.set('vlan11', true);
    await untilStored(port11, ['LinkDown', 'LinkUp']);
    expect(await storedOf(port16)).toEqual(['LinkUp']);
  });

  it('reads what a device tells of in one breath in one go, and says while more than one port is on its way', async () => {
    const source = start();
    await untilStored(port16, ['LinkDown']);
    await untilStored(port11, ['LinkDown']);
    await until(() => source.gathering === undefined);
    const before = links.reads;
    links.set('vlan16', true);
    expect(source.gathering).toBeUndefined();
    links.set('vlan11', true);
    const all = source.gathering;
    expect(all).toBeInstanceOf(Promise);
    await all;
    expect(links.reads).toBe(before + 1);
    expect([await storedOf(port16), await storedOf(port11)]).toEqual([
      ['LinkDown', 'LinkUp'],
      ['LinkDown', 'LinkUp'],
    ]);
    expect(source.gathering).toBeUndefined();
  });

  it('goes on from what was stored before it started, without repeating it', async () => {
    await start().close();
    await untilStored(port16, ['LinkDown']);
    await until(() => projector.liveMap.map.links.get(port11) !== undefined);
    start();
    links.set('vlan16', true);
    await untilStored(port16, ['LinkDown', 'LinkUp']);
    expect(await storedOf(port11)).toEqual(['LinkDown']);
  });

  it('makes ups above the limit wait, delays no down, and stores the last state', async () => {
    start({ upsPerMinute: 2 });
    await untilStored(port16, ['LinkDown']);
    const seen = ['LinkDown'];
    for (let flap = 0; flap < 2; flap++) {
      links.set('vlan16', true);
      await untilStored(port16, [...seen, 'LinkUp']);
      links.set('vlan16', false);
      seen.push('LinkUp', 'LinkDown');
      await untilStored(port16, seen);
    }
    const readsBefore = links.reads;
    links.set('vlan16', true);
    await until(() => links.reads > readsBefore);
    links.set('vlan11', true); // another port is not held up
    await untilStored(port11, ['LinkDown', 'LinkUp']);
    expect(await storedOf(port16)).toEqual(seen);
    links.set('vlan16', false);
    links.set('vlan11', false);
    await untilStored(port11, ['LinkDown', 'LinkUp', 'LinkDown']);
    expect(await storedOf(port16)).toEqual(seen);
  });

  it('stores the up that had to wait when its turn comes', async () => {
    const realNow = performance.now.bind(performance);
    let skipped = 0;
    performance.now = () => realNow() + skipped;
    try {
      start({ upsPerMinute: 1 });
      links.set('vlan16', true);
      await until(async () => (await storedOf(port16)).at(-1) === 'LinkUp');
      links.set('vlan16', false);
      await until(async () => (await storedOf(port16)).at(-1) === 'LinkDown');
      skipped = 59_900; // the rest of the minute is real
      links.set('vlan16', true);
      expect((await storedOf(port16)).at(-1)).toBe('LinkDown');
      await until(async () => (await storedOf(port16)).at(-1) === 'LinkUp');
    } finally {
      performance.now = realNow;
    }
  });

  it('keeps the last state of a device that cannot be read, says so, and catches up by itself', async () => {
    links.carriers.set('vlan16', true);
    start();
    await untilStored(port16, ['LinkUp']);
    links.fault = 'network namespace sw is gone';
    links.set('vlan16', false);
    await until(() => problems.at(-1) !== undefined);
    expect(problems.at(-1)).toBe('leaf1: network namespace sw is gone');
    expect(await storedOf(port16)).toEqual(['LinkUp']);
    links.fault = undefined;
    await untilStored(port16, ['LinkUp', 'LinkDown']);
    expect(problems.at(-1)).toBeUndefined();
  });

  it('takes an interface that is not there for a link that is down', async () => {
    links.carriers.set('vlan16', true);
    start();
    await untilStored(port16, ['LinkUp']);
    links.carriers.delete('vlan16');
    links.set('vlan11', true);
    links.carriers.delete('vlan16');
    const [source] = sources;
    await source?.close();
    sources.splice(0);
    start();
    await untilStored(port16, ['LinkUp', 'LinkDown']);
  });

  it('stores the down of one port although another port cannot be stored, and counts no up that was not stored', async () => {
    start({ upsPerMinute: 1 });
    await untilStored(port11, ['LinkDown']);
    links.set('vlan11', true);
    await untilStored(port11, ['LinkDown', 'LinkUp']);
    const append = store.append.bind(store);
    let refused = 0;
    store.append = (batch) =>
      batch.stream === `port-${port16}` ? (refused++, Promise.reject(new Error('disk full'))) : append(batch);
    links.set('vlan16', true);
    await until(() => refused > 0);
    links.set('vlan11', false);
    await untilStored(port11, ['LinkDown', 'LinkUp', 'LinkDown']);
    await until(() => refused > 1);
    store.append = append;
    await untilStored(port16, ['LinkDown', 'LinkUp']);
    expect(problems).toContain('leaf1: disk full');
  });
});
