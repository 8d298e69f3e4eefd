import { tempDirectory } from '../support/temp-directory.js';
import { until } from './reactor-bench.js';
import { type Box, destinations, head, heard, movesIn, prefix, slowToAnswer, startLog } from './move-bench.js';

const both = [...destinations].sort();

describe('a move between two gateways', () => {
  const directory = tempDirectory();
  let round = 0;
  let log: Awaited<ReturnType<typeof startLog>>;
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

  it('announces at the new gateway only after the old one was read back without the route', async () => {
    const engine = head(log.store, log.liveMap, [leaf1, leaf2]);
    await engine.start();
    expect(heard(leaf1)).toEqual(both);
    await log.move('leaf2');
    const waiting = await engine.look('leaf2');
    expect(heard(leaf2)).toEqual([]);
    const routes = waiting.plan.filter(({ kind }) => kind === 'route');
    expect(routes.map(({ waits }) => waits)).toEqual(['leaf1 still announces it', 'leaf1 still announces it']);
    expect(engine.gate.moves()).toMatchObject([
      { destination: prefix, from: ['leaf1'], to: 'leaf2', state: 'waiting', waits: 'leaf1 still announces it' },
      { state: 'waiting' },
    ]);
    await engine.look('leaf1');
    expect(heard(leaf1)).toEqual([]);
    expect(engine.woken).toContain('leaf2');
    await engine.look('leaf2');
    expect(heard(leaf2)).toEqual(both);
  });

  it('has the neighbour entries of the new gateway in place while the routes wait', async () => {
    const engine = head(log.store, log.liveMap, [leaf1, leaf2]);
    await engine.start();
    await log.move('leaf2');
    await engine.look('leaf2');
    expect(leaf2.device.entries()).toHaveLength(2);
  });

  it('measures the blackout of each destination and journals it', async () => {
    const engine = head(log.store, log.liveMap, [leaf1, leaf2]);
    await engine.start();
    const epoch = await log.move('leaf2');
    await engine.look('leaf2');
    await engine.look('leaf1');
    engine.skip(1_000);
    await engine.look('leaf2');
    await until(async () => (await movesIn(log.store, 'leaf2')).length === 2);
    for (const moved of await movesIn(log.store, 'leaf2')) {
      expect(moved).toMatchObject({
        serverId: 's16',
        from: ['leaf1'],
        epoch,
        oldSide: 'confirmed',
        manner: 'withdraw-first',
      });
      expect(moved['blackoutMs']).toBeGreaterThanOrEqual(1_000);
    }
    expect(engine.gate.moves().map(({ state }) => state)).toEqual(['finished', 'finished']);
    expect(await movesIn(log.store, 'leaf1')).toEqual([]);
  });

  it('measures it also where the link went down before the move was known', async () => {
    const engine = head(log.store, log.liveMap, [leaf1, leaf2]);
    await engine.start();
    leaf1.device.setCarrier('vlan16', false);
    await log.fact('LinkDown', { port: 'leaf1:Ethernet16' });
    await engine.look('leaf1');
    engine.skip(5_000);
    await log.move('leaf2');
    await engine.look('leaf2');
    expect(heard(leaf2)).toEqual(both);
    expect(engine.gate.moves()[0]?.blackoutMs).toBeGreaterThanOrEqual(5_000);
  });

  it('calls nothing a move that was sold anew since it was last announced elsewhere', async () => {
    const engine = head(log.store, log.liveMap, [leaf1, leaf2]);
    await engine.start();
    await log.fact('ServerRemoved', { serverId: 's16' }, '2026-02-01T00:00:00Z');
    await engine.look('leaf1');
    const again = { serverId: 's17', customerId: 'c2', port: 'leaf2:Ethernet16', vlan: 16, mac: '52:54:00:00:00:17' };
    await log.fact('ServerAdded', again);
    await log.fact('Ipv6PrefixAssigned', { serverId: 's17', prefix });
    await engine.look('leaf2');
    expect(heard(leaf2)).toEqual([prefix]);
    expect(engine.gate.moves()).toEqual([]);
  });

  it('is no move where a prefix flaps at its own gateway', async () => {
    const engine = head(log.store, log.liveMap, [leaf1, leaf2]);
    await engine.start();
    await log.fact('LinkDown', { port: 'leaf1:Ethernet16' });
    await engine.look('leaf1');
    await log.fact('LinkUp', { port: 'leaf1:Ethernet16' });
    await engine.look('leaf1');
    expect(heard(leaf1)).toEqual(both);
    expect(engine.gate.moves()).toEqual([]);
  });

  it('waits for a gateway that does not withdraw, whatever it says', async () => {
    const engine = head(log.store, log.liveMap, [leaf1, leaf2]);
    await engine.start();
    await log.move('leaf2');
    leaf1.bgp.fault = 'lie';
    await engine.look('leaf1');
    engine.skip(1_000_000);
    await engine.look('leaf2');
    expect(heard(leaf2)).toEqual([]);
    expect(heard(leaf1)).toEqual(both);
  });

  it('cannot be won by both gateways when they look at the same moment and the map moves between the looks', async () => {
    const engine = head(log.store, log.liveMap, [leaf1, leaf2]);
    await log.fact('LinkDown', { port: 'leaf1:Ethernet16' });
    await engine.start();
    await log.fact('LinkUp', { port: 'leaf1:Ethernet16' });
    const setRoutes = leaf1.bgp.setRoutes.bind(leaf1.bgp);
    let letItGo = (): void => undefined;
    const held = new Promise<void>((resolve) => (letItGo = resolve));
    leaf1.bgp.setRoutes = async (...given) => {
      await held; // what leaf1 was told to announce is under way
      return setRoutes(...given);
    };
    const first = engine.look('leaf1');
    await until(async () => (await log.store.readStream('journal-leaf1')).events.length > 2);
    await log.move('leaf2');
    await engine.look('leaf2');
    expect(heard(leaf2)).toEqual([]);
    letItGo();
    await first;
    await engine.look('leaf1');
    await engine.look('leaf2');
    expect([heard(leaf1), heard(leaf2)]).toEqual([[], both]);
  });

  it('waits for nobody to announce what no other gateway ever had', async () => {
    const engine = head(log.store, log.liveMap, [leaf1, leaf2]);
    leaf2.bgp.fault = 'unreachable';
    await engine.start();
    expect(heard(leaf1)).toEqual(both);
  });

  it('holds back at the start of an engine what another gateway, not read yet, may announce', async () => {
    const before = head(log.store, log.liveMap, [leaf1, leaf2]);
    await before.start();
    await log.move('leaf2');
    const engine = head(log.store, log.liveMap, [leaf1, leaf2]);
    const first = await engine.look('leaf2');
    expect(heard(leaf2)).toEqual([]);
    expect(first.plan.map(({ waits }) => waits)).toContain('leaf1 was not read yet and may announce it');
    await engine.look('leaf1');
    await until(() => engine.woken.includes('leaf2'));
    await engine.look('leaf2');
    expect([heard(leaf1), heard(leaf2)]).toEqual([[], both]);
  });

  it('holds back no more than its journal says, where another gateway does not answer its first reading', async () => {
    const before = head(log.store, log.liveMap, [leaf1, leaf2]);
    await before.start();
    const port = 'leaf2:Ethernet11';
    await log.fact('ServerAdded', { serverId: 's11', customerId: 'c2', port, vlan: 11, mac: '52:54:00:00:00:11' });
    await log.fact('Ipv6PrefixAssigned', { serverId: 's11', prefix: '2001:db8:11::/48' });
    leaf2.device.setCarrier('vlan11', true);
    await log.fact('LinkUp', { port });
    await log.move('leaf2');
    const engine = head(log.store, log.liveMap, [leaf1, leaf2]);
    const seen = await engine.look('leaf2'); // and leaf1 is not looked at
    expect(heard(leaf2)).toEqual(['2001:db8:11::/48']);
    expect(seen.plan.map(({ waits }) => waits)).toContain('leaf1 was not read yet and may announce it');
  });

  describe('whose old gateway cannot be reached', () => {
    async function lostInTheMove(holdTimeMs = 90_000) {
      const engine = head(log.store, log.liveMap, [leaf1, leaf2], { holdTimeMs });
      await engine.start();
      await log.move('leaf2');
      leaf1.bgp.fault = leaf1.device.fault = 'unreachable';
      await engine.look('leaf1');
      return engine;
    }

    it('waits out its hold time, announces, and says that the old side is unconfirmed', async () => {
      const engine = await lostInTheMove();
      engine.skip(89_000);
      await engine.look('leaf2');
      expect(heard(leaf2)).toEqual([]);
      expect(engine.gate.moves()[0]?.waits).toContain('waiting out its BGP hold time of 90 s');
      engine.skip(1_001);
      await engine.look('leaf2');
      expect(heard(leaf2)).toEqual(both);
      await until(async () => (await movesIn(log.store, 'leaf2')).length === 2);
      const [moved] = await movesIn(log.store, 'leaf2');
      expect(moved).toMatchObject({ oldSide: 'unconfirmed', from: ['leaf1'] });
      expect(moved).not.toHaveProperty('blackoutMs');
    });

    it('hears by itself that it was lost, also where it waited already', async () => {
      const engine = head(log.store, log.liveMap, [leaf1, leaf2]);
      await engine.start();
      await log.move('leaf2');
      await engine.look('leaf2');
      expect(engine.gate.moves()[0]?.waits).toBe('leaf1 still announces it');
      leaf1.bgp.fault = leaf1.device.fault = 'unreachable';
      engine.woken.length = 0;
      await engine.look('leaf1');
      await engine.settle();
      expect(engine.gate.moves()[0]?.waits).toContain('waiting out its BGP hold time');
    });

    it('is woken by itself when the hold time is over', async () => {
      const engine = await lostInTheMove(30);
      await engine.look('leaf2');
      await until(() => engine.woken.includes('leaf2'));
    });

    it('goes on at once by an operator, and journals whose word it was', async () => {
      const engine = await lostInTheMove();
      await engine.look('leaf2');
      expect(engine.gate.release('2001:db8:99::/48', 'tok1')).toEqual([]);
      expect(engine.gate.release(prefix, 'tok1')).toHaveLength(1);
      await engine.look('leaf2');
      expect(heard(leaf2)).toEqual([prefix]);
      expect(engine.gate.release('s16', 'tok2')).toHaveLength(1);
      await engine.look('leaf2');
      expect(heard(leaf2)).toEqual(both);
      await until(async () => (await movesIn(log.store, 'leaf2')).length === 2);
      const by = (await movesIn(log.store, 'leaf2')).map(({ releasedBy }) => releasedBy);
      expect(by).toEqual(['tok1', 'tok2']);
    });

    it('fences the old gateway until it is read back without the route, with an alert', async () => {
      const engine = await lostInTheMove();
      engine.skip(100_000);
      await engine.look('leaf2');
      expect(
        engine.gate
          .fencedOf('leaf1')
          .map(({ destination }) => destination)
          .sort(),
      ).toEqual(both);
      expect(engine.alerts.get('old-side-unconfirmed leaf1')).toContain(`${prefix} (now at leaf2)`);
      leaf1.bgp.fault = leaf1.device.fault = 'none';
      engine.skip(100_000);
      await engine.look('leaf1');
      expect([heard(leaf1), heard(leaf2)]).toEqual([[], both]);
      expect(engine.gate.fencedOf('leaf1')).toEqual([]);
      expect(engine.alerts.has('old-side-unconfirmed leaf1')).toBe(false);
    });

    it('fences it again after a restart of the engine, from what the journal says', async () => {
      const engine = await lostInTheMove();
      engine.skip(100_000);
      await engine.look('leaf2');
      const next = head(log.store, log.liveMap, [leaf1, leaf2]);
      await Promise.all([next.look('leaf1'), next.look('leaf2')]);
      expect(
        next.gate
          .fencedOf('leaf1')
          .map(({ destination }) => destination)
          .sort(),
      ).toEqual(both);
      expect(next.gate.fencedOf('leaf2')).toEqual([]);
    });

    it('holds back nothing else', async () => {
      const engine = await lostInTheMove();
      const port = 'leaf2:Ethernet11';
      await log.fact('ServerAdded', { serverId: 's11', customerId: 'c2', port, vlan: 11, mac: '52:54:00:00:00:11' });
      await log.fact('Ipv6PrefixAssigned', { serverId: 's11', prefix: '2001:db8:11::/48' });
      leaf2.device.setCarrier('vlan11', true);
      await log.fact('LinkUp', { port });
      await engine.look('leaf2');
      expect(heard(leaf2)).toEqual(['2001:db8:11::/48']);
    });
  });

  describe('that overlaps', () => {
    it('announces at the new gateway first, then withdraws at the old one', async () => {
      const engine = head(log.store, log.liveMap, [leaf1, leaf2], { overlaps: true });
      await engine.start();
      await log.move('leaf2');
      await engine.look('leaf1');
      expect(heard(leaf1)).toEqual(both);
      await engine.look('leaf2');
      expect([heard(leaf1), heard(leaf2)]).toEqual([both, both]);
      expect(engine.gate.fencedOf('leaf1')).toEqual([]);
      expect(engine.woken).toContain('leaf1');
      await engine.look('leaf1');
      expect([heard(leaf1), heard(leaf2)]).toEqual([[], both]);
      await until(async () => (await movesIn(log.store, 'leaf2')).length === 2);
      expect(await movesIn(log.store, 'leaf2')).toMatchObject([
        { manner: 'announce-first', oldSide: 'confirmed', blackoutMs: 0 },
        { manner: 'announce-first', oldSide: 'confirmed', blackoutMs: 0 },
      ]);
      expect(leaf1.device.entries()).toEqual([]);
    });

    it('withdraws first where both would announce the same MED', async () => {
      const engine = head(log.store, log.liveMap, [leaf1, leaf2], { overlaps: true, meds: { leaf1: 7, leaf2: 7 } });
      await engine.start();
      await log.move('leaf2');
      await engine.look('leaf2');
      expect(heard(leaf2)).toEqual([]);
      await engine.look('leaf1');
      await engine.look('leaf2');
      expect([heard(leaf1), heard(leaf2)]).toEqual([[], both]);
    });

    it('keeps nothing at the old gateway over an interface that lost its carrier', async () => {
      const engine = head(log.store, log.liveMap, [leaf1, leaf2], { overlaps: true });
      await engine.start();
      leaf1.device.setCarrier('vlan16', false);
      await log.move('leaf2');
      await engine.look('leaf1');
      expect((await leaf1.bgp.read()).owned).toEqual([]);
    });

    it('waits for the new gateway no longer than the hold time', async () => {
      const engine = head(log.store, log.liveMap, [leaf1, leaf2], { overlaps: true });
      await engine.start();
      await log.move('leaf2');
      await engine.look('leaf1');
      expect(heard(leaf1)).toEqual(both);
      engine.skip(90_001);
      await engine.look('leaf1');
      expect(heard(leaf1)).toEqual([]);
    });

    it('comes to its end by its own wake-ups where it began before the old gateway was read back with the route', async () => {
      await log.fact('LinkDown', { port: 'leaf1:Ethernet16' });
      const engine = head(log.store, log.liveMap, [leaf1, leaf2], { overlaps: true });
      await engine.start();
      const { wasTold, answer } = slowToAnswer(leaf1);
      await log.fact('LinkUp', { port: 'leaf1:Ethernet16' });
      const selling = engine.look('leaf1');
      await wasTold; // the peer hears it, leaf1's reactor has not seen it yet
      await log.move('leaf2');
      await engine.look('leaf2');
      expect([heard(leaf1), heard(leaf2)]).toEqual([both, []]);
      engine.woken.length = 0;
      answer();
      await selling;
      await engine.look('leaf1');
      await engine.settle();
      expect([heard(leaf1), heard(leaf2)]).toEqual([[], both]);
      expect(engine.gate.moves()).toMatchObject([
        { manner: 'announce-first', state: 'finished', blackoutMs: 0 },
        { manner: 'announce-first', state: 'finished', blackoutMs: 0 },
      ]);
    });

    it('withdraws by itself what an engine that ended in the middle of the move left announced twice', async () => {
      const before = head(log.store, log.liveMap, [leaf1, leaf2], { overlaps: true });
      await before.start();
      await log.move('leaf2');
      await before.look('leaf2');
      expect([heard(leaf1), heard(leaf2)]).toEqual([both, both]);
      const engine = head(log.store, log.liveMap, [leaf1, leaf2], { overlaps: true });
      await engine.look('leaf1'); // leaf2 is not read yet: it may still have to come
      expect(heard(leaf1)).toEqual(both);
      await engine.look('leaf2');
      await engine.settle();
      expect([heard(leaf1), heard(leaf2)]).toEqual([[], both]);
    });

    it('is given up by itself when the new gateway is lost', async () => {
      const engine = head(log.store, log.liveMap, [leaf1, leaf2], { overlaps: true });
      await engine.start();
      await log.move('leaf2');
      await engine.look('leaf1');
      expect(heard(leaf1)).toEqual(both);
      leaf2.bgp.fault = leaf2.device.fault = 'unreachable';
      engine.woken.length = 0;
      await engine.look('leaf2');
      await engine.settle();
      expect(heard(leaf1)).toEqual([]);
    });

    it('looks again by itself when the hold time is over', async () => {
      const engine = head(log.store, log.liveMap, [leaf1, leaf2], { overlaps: true, holdTimeMs: 30 });
      await engine.start();
      await log.move('leaf2');
      await engine.look('leaf1');
      expect(heard(leaf1)).toEqual(both);
      await until(async () => {
        await engine.settle();
        return heard(leaf1).length === 0;
      });
    });

    it('withdraws first in the other direction, which nobody asked for', async () => {
      const engine = head(log.store, log.liveMap, [leaf1, leaf2], { overlaps: true });
      await log.move('leaf2');
      await engine.start();
      await log.move('leaf1', '2026-01-03T00:00:00Z');
      await engine.look('leaf1');
      expect(heard(leaf1)).toEqual([]);
      await engine.look('leaf2');
      await engine.look('leaf1');
      expect([heard(leaf1), heard(leaf2)]).toEqual([both, []]);
    });
  });
});
