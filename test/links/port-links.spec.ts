import fc from '../support/property.js';
import type { PortId } from '../../events/index.js';
import { openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import type { EventStore } from '../../src/event-store/event-store.port.js';
import { linkOfMembers, type MemberLink } from '../../src/links/member-links.js';
import { PortLinks } from '../../src/links/port-links.js';
import { Projector } from '../../src/projector/projector.js';
import { until } from '../reactors/reactor-bench.js';
import { tempDirectory } from '../support/temp-directory.js';

const port = 'leaf1:Ethernet16' as PortId;
const other = 'leaf1:Ethernet11' as PortId;

describe('a port on several devices', () => {
  it('is up while any is, down when all were read and none is up, and unknown otherwise', () => {
    const members = fc.array(fc.constantFrom<MemberLink>('up', 'down', 'unknown'), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(members, (links) => {
        const expected = links.includes('up') ? 'up' : links.every((one) => one === 'down') ? 'down' : 'unknown';
        expect(linkOfMembers(links)).toBe(expected);
      }),
    );
    expect(linkOfMembers([])).toBe('unknown');
  });
});

describe('the ports of a logical switch', () => {
  const directory = tempDirectory();
  let round = 0;
  let store: EventStore;
  let projector: Projector;

  beforeEach(async () => {
    store = await openEmbeddedStore({ directory: `${directory}/${round++}`, create: true });
    projector = new Projector(store);
    projector.start();
    await until(() => projector.liveMap.live);
  });
  afterEach(async () => {
    await projector.close();
    await store.close();
  });

  function pair(upsPerMinute = 20): PortLinks {
    const members = new Map([
      ['leaf1a', [port, other]],
      ['leaf1b', [port]],
    ]);
    const links = new PortLinks({ members, store, liveMap: projector.liveMap, upsPerMinute });
    links.start();
    return links;
  }
  const storedOf = async (of: PortId): Promise<string[]> =>
    (await store.readStream(`port-${of}`)).events.map(({ type }) => type);
  const reading = (up: boolean): ReadonlyMap<PortId, boolean> => new Map([[port, up]]);

  it('store one LinkUp for the first member that is up, and one LinkDown after the last', async () => {
    const links = pair();
    await links.saw('leaf1a', reading(true));
    await links.saw('leaf1b', reading(true));
    await links.saw('leaf1a', reading(false));
    expect(await storedOf(port)).toEqual(['LinkUp']);
    await links.saw('leaf1b', reading(false));
    expect(await storedOf(port)).toEqual(['LinkUp', 'LinkDown']);
  });

  it('store one event when both members show the same at once', async () => {
    const links = pair();
    await Promise.all([links.saw('leaf1a', reading(true)), links.saw('leaf1b', reading(true))]);
    expect(await storedOf(port)).toEqual(['LinkUp']);
    await Promise.all([links.saw('leaf1a', reading(false)), links.saw('leaf1b', reading(false))]);
    expect(await storedOf(port)).toEqual(['LinkUp', 'LinkDown']);
  });

  it('do not call a port down while one of its devices was not read since the start', async () => {
    await pair().saw('leaf1b', reading(true));
    await until(() => projector.liveMap.map.linkOf(port) === 'up');
    const again = pair();
    await again.saw('leaf1a', reading(false));
    expect(await storedOf(port)).toEqual(['LinkUp']);
    await again.saw('leaf1b', reading(false));
    expect(await storedOf(port)).toEqual(['LinkUp', 'LinkDown']);
  });

  it('keep what a device showed last while it cannot be read, and say since when and why', async () => {
    const links = pair();
    await links.saw('leaf1a', reading(true));
    await links.saw('leaf1b', reading(false));
    links.readable('leaf1a', 'no answer');
    await links.saw('leaf1b', reading(false));
    expect(await storedOf(port)).toEqual(['LinkUp']);
    const [shown] = links.shown('leaf1b');
    expect(shown).toMatchObject({ port, up: true, stale: [{ device: 'leaf1a', reason: 'no answer' }] });
    links.readable('leaf1a', undefined);
    expect(links.shownPort('leaf1b', port)).toEqual({ port, up: true, stale: [] });
    expect(links.shownPort('leaf1b', other)).toBeUndefined();
  });

  it('damp the ups of a port whichever member shows them, never its downs, and show why one is held', async () => {
    const links = pair(2);
    await links.saw('leaf1b', reading(false));
    for (const device of ['leaf1a', 'leaf1b']) {
      await links.saw(device, reading(true));
      await links.saw(device, reading(false));
    }
    await links.saw('leaf1a', reading(false));
    const before = await storedOf(port);
    expect(before).toEqual(['LinkUp', 'LinkDown', 'LinkUp', 'LinkDown']);
    const waits = await links.saw('leaf1a', reading(true));
    expect(waits.get(port)).toBeGreaterThan(50_000);
    expect(await storedOf(port)).toEqual(before);
    expect(links.shownPort('leaf1a', port)?.held).toMatch(
      /^came up more than 2 times within a minute; announced in \d+ s/,
    );
    await links.saw('leaf1a', reading(false));
    expect(links.shownPort('leaf1a', port)?.held).toBeUndefined();
    expect(await storedOf(port)).toEqual(before);
  });

  it('name the device that was read, and how, as the source of the event', async () => {
    const links = pair();
    await links.saw('leaf1a', reading(true));
    await links.saw('leaf1a', new Map([[other, false]]), 'trusted-message');
    const sources = await Promise.all([port, other].map((one) => store.readStream(`port-${one}`)));
    expect(sources.map(({ events }) => events[0]?.metadata.source)).toEqual([
      'urn:portledger:links:leaf1a',
      'urn:portledger:trusted-message:leaf1a',
    ]);
  });
});
