import fc from '../support/property.js';
import { LiveMap } from '../../src/projector/live-map.js';
import { tempDirectory } from '../support/temp-directory.js';
import { type Box, destinations, head, heard, startLog } from './move-bench.js';

type Log = Awaited<ReturnType<typeof startLog>>;

/** The map of an engine that folded the log up to an ordinal and hears no more of it. */
async function mapUpTo(log: Log, ordinal: number): Promise<LiveMap> {
  const map = new LiveMap(log.store.logId);
  const { events } = await log.store.readAll();
  map.foldPage(events.filter((event) => event.ordinal <= ordinal));
  map.becameLive();
  return map;
}

describe('a reactor with an older map', () => {
  const directory = tempDirectory();
  let round = 0;
  let log: Log;
  let leaf1: Box;
  let leaf2: Box;
  beforeEach(async () => {
    log = await startLog(`${directory}/${round++}`);
    [leaf1, leaf2] = await Promise.all([log.box('leaf1'), log.box('leaf2')]);
    await log.sell('leaf1');
    await log.linkUp(leaf1);
    await log.linkUp(leaf2);
  });
  afterEach(() => log.stop());

  it('does not announce again what a newer one withdrew for a move', async () => {
    const current = head(log.store, log.liveMap, [leaf1, leaf2]);
    await current.start();
    const before = log.liveMap.ordinal;
    await log.move('leaf2');
    await current.look('leaf1');
    await current.look('leaf2');
    const stale = head(log.store, await mapUpTo(log, before), [leaf1, leaf2]);
    const [seen] = await stale.start();
    expect(seen?.brake?.code).toBe('log-behind');
    expect([heard(leaf1), heard(leaf2)]).toEqual([[], [...destinations].sort()]);
  });

  /** The old gateway was last written to before the move: its own stamp says nothing of it. */
  async function movedBehindItsBack(): Promise<number> {
    const current = head(log.store, log.liveMap, [leaf1, leaf2]);
    await current.start();
    await log.fact('LinkDown', { port: 'leaf1:Ethernet16' });
    await current.look('leaf1');
    const before = await log.fact('LinkUp', { port: 'leaf1:Ethernet16' });
    await log.move('leaf2');
    await current.look('leaf2');
    expect(heard(leaf2)).toEqual([...destinations].sort());
    return before;
  }

  it('announces nothing while any gateway was driven from a later event than its map has', async () => {
    const before = await movedBehindItsBack();
    const stale = head(log.store, await mapUpTo(log, before), [leaf1, leaf2]);
    const [seen] = await stale.start();
    expect(heard(leaf1)).toEqual([]);
    expect(seen?.brake).toBeUndefined();
    const [line] = seen?.plan ?? [];
    expect(line?.waits).toMatch(/^leaf2 was driven from #\d+, this engine's map ends at #\d+: it is behind$/);
  });

  it('learns it from the journal where that gateway cannot be reached', async () => {
    const before = await movedBehindItsBack();
    const stale = head(log.store, await mapUpTo(log, before), [leaf1, leaf2]);
    leaf2.bgp.fault = leaf2.device.fault = 'unreachable';
    await stale.start();
    stale.skip(1_000_000);
    const seen = await stale.look('leaf1');
    expect(heard(leaf1)).toEqual([]);
    expect(seen.plan[0]?.waits).toContain('it is behind');
  });

  it('writes nothing to a gateway that a newer one wrote to while it was thinking', async () => {
    const current = head(log.store, log.liveMap, [leaf1, leaf2]);
    await current.start();
    const before = await log.fact('LinkDown', { port: 'leaf1:Ethernet16' });
    const door = leaf1.bgp.anotherDriver();
    const stale = head(log.store, await mapUpTo(log, before - 1), [{ ...leaf1, bgp: door }, leaf2]);
    const setRoutes = door.setRoutes.bind(door);
    door.setRoutes = async (...given) => {
      await current.look('leaf1'); // withdraws, as the link is down
      return setRoutes(...given);
    };
    leaf1.device.changeMac('vlan16'); // gives the older one something to do
    const seen = await stale.look('leaf1');
    expect(seen.error).toMatch(/another engine drove it from #\d+ since it was read/);
    expect(heard(leaf1)).toEqual([]);
  });

  it('goes on as soon as its map has caught up', async () => {
    const before = await movedBehindItsBack();
    const map = await mapUpTo(log, before);
    const late = head(log.store, map, [leaf1, leaf2]);
    await late.start();
    const { events } = await log.store.readAll();
    map.foldPage(events.filter(({ ordinal }) => ordinal > before));
    await late.look('leaf1');
    await late.look('leaf2');
    expect([heard(leaf1), heard(leaf2)]).toEqual([[], [...destinations].sort()]);
  });
});

type Step =
  | { readonly do: 'move'; readonly to: 'leaf1' | 'leaf2' }
  | { readonly do: 'carrier'; readonly at: 'leaf1' | 'leaf2'; readonly up: boolean }
  | { readonly do: 'fault'; readonly at: 'leaf1' | 'leaf2'; readonly fault: 'none' | 'lie' | 'unreachable' | 'refuse' }
  | { readonly do: 'look'; readonly at: readonly ('leaf1' | 'leaf2')[] };

const leaf = fc.constantFrom('leaf1' as const, 'leaf2' as const);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('move' as const), to: leaf }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('carrier' as const), at: leaf, up: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('fault' as const),
      at: leaf,
      fault: fc.constantFrom(
        'none' as const,
        'none' as const,
        'lie' as const,
        'unreachable' as const,
        'refuse' as const,
      ),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('look' as const),
      at: fc.constantFrom<readonly ('leaf1' | 'leaf2')[]>(['leaf1'], ['leaf2'], ['leaf1', 'leaf2'], ['leaf2', 'leaf1']),
    }),
  },
);

describe('whatever moves, fails and is looked at, in whatever order', () => {
  const directory = tempDirectory();
  let round = 0;

  /** Plays the steps; gives every moment at which both gateways held one destination, and what both hold in the end. */
  async function play(steps: readonly Step[]): Promise<{ doubled: string[]; ends: string[][] }> {
    const log = await startLog(`${directory}/${round++}`);
    try {
      const boxes = { leaf1: await log.box('leaf1'), leaf2: await log.box('leaf2') };
      const doubled: string[] = [];
      const held = { leaf1: new Set<string>(), leaf2: new Set<string>() };
      for (const name of ['leaf1', 'leaf2'] as const) {
        const { bgp } = boxes[name];
        const setRoutes = bgp.setRoutes.bind(bgp);
        bgp.setRoutes = async (routes, stamp) => {
          await new Promise((resolve) => setTimeout(resolve, 1));
          await setRoutes(routes, stamp);
          if (bgp.fault === 'none')
            held[name] = new Set(routes.map((one) => (one.family === 'ipv6' ? one.prefix : one.address)));
          for (const one of held.leaf1) if (held.leaf2.has(one)) doubled.push(one);
        };
      }
      await log.sell('leaf1');
      await log.linkUp(boxes.leaf1);
      await log.linkUp(boxes.leaf2);
      const engine = head(log.store, log.liveMap, Object.values(boxes));
      let day = 2;
      for (const one of steps) {
        if (one.do === 'move') await log.move(one.to, `2026-01-${String(day++).padStart(2, '0')}T00:00:00Z`);
        else if (one.do === 'carrier') boxes[one.at].device.setCarrier('vlan16', one.up);
        else if (one.do === 'fault') boxes[one.at].bgp.fault = one.fault;
        else await Promise.all(one.at.map((name) => engine.look(name)));
      }
      for (const { bgp } of Object.values(boxes)) bgp.fault = 'none';
      for (let looks = 0; looks < 3; looks++) {
        engine.skip(10_000); // what waits to be tried again is due, and no hold time is over
        await engine.start();
      }
      return { doubled, ends: [[...held.leaf1], [...held.leaf2]] };
    } finally {
      await log.stop();
    }
  }

  it('two gateways never announce one destination, and in the end the right one does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
        const { doubled, ends } = await play(steps);
        expect(doubled).toEqual([]);
        const home = steps.reduce<'leaf1' | 'leaf2'>((at, one) => (one.do === 'move' ? one.to : at), 'leaf1');
        const [at, away] = home === 'leaf1' ? [ends[0], ends[1]] : [ends[1], ends[0]];
        expect([at?.length, away]).toEqual([2, []]);
      }),
      { numRuns: 15 },
    );
  });
});
