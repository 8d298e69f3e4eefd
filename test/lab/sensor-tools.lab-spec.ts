import { rules } from '../../projections/rules/index.js';
import { textTable } from '../../src/cli/text-table.js';
import { SensorConfig } from '../../src/config/app-config.js';
import type { ViolationView } from '../../src/feed/violation-view.js';
import { exampleEvent, type PublishedType } from '../../src/intake/event-examples.js';
import type { SensorView } from '../../src/sensor/coverage/port-coverage.js';
import { RunningEngine } from '../e2e/running-engine.js';
import { whyNoAttackTools } from './attack-tools.js';
import { describeLab } from './describe-lab.js';
import { createLab, type Lab, until } from './lab.js';
import { end, startInside } from './lab-process.js';
import { type ToolAttack, toolAttacks, victimAddresses } from './tool-attacks.js';
import { WatchingPeer } from './watching-peers.js';

/** How long the peers are given to say what they have to say of the last frame, ms. */
const peerPauseMs = 3_000;
const header = ['TOOL', 'DOES', 'CLAIMS', 'PORTLEDGER', 'ARPWATCH', 'ARPALERT'];

/** What came of one attack: what the feed told of it first, and how long after its frame. */
interface Outcome {
  readonly attack: ToolAttack;
  readonly told: ViolationView | undefined;
  /** Undefined where it was more of what was told before. */
  readonly afterMs: number | undefined;
}

describeLab(
  "the sensor beside others' tools",
  () => {
    let lab: Lab;
    let engine: RunningEngine;
    let peers: WatchingPeer[] = [];
    const outcomes: Outcome[] = [];

    beforeAll(async () => {
      lab = await createLab({ startBird: false });
      const place = { name: 'leaf1-e66', switch: 'leaf1', netns: lab.sw, interface: 'vlan66' };
      const sensor = Object.assign(new SensorConfig(), { ...place, port: 'leaf1:Ethernet66', vlan: 66 });
      const settings = { sensors: [sensor], inFlightWindowMs: 1_000 };
      engine = await RunningEngine.start(undefined, { settings });
      await sell();
      await lab.setCarrier('vlan66', true);
      const { mac, ipv4 } = lab.servers.vlan66;
      peers = [
        WatchingPeer.arpwatch(lab.sw, 'vlan66', lab.directory),
        WatchingPeer.arpalert(lab.sw, 'vlan66', lab.directory, [`${mac} ${ipv4} vlan66`]),
      ];
      await until(
        'the sensor listens',
        async () => (await asked<SensorView>('/v1/coverage', 'sensors'))[0]?.state === 'hearing',
      );
    });
    afterAll(async () => {
      await new Promise((resolve) => setTimeout(resolve, peerPauseMs));
      const states = peers.map(({ state }) => state);
      process.stdout.write(`${textTable([header, ...outcomes.map(rowOf), ['in the end', '', '', '', ...states]])}\n`);
      await Promise.all(peers.map((peer) => peer.stop()));
      await engine.stop();
      await lab.close();
    });

    async function sell(): Promise<void> {
      const gateway = { switch: 'leaf1', addresses: ['fe80::1', '198.51.100.1'], macs: ['52:54:00:ff:00:01'] };
      await publish('GatewayDeclared', 'leaf1', gateway, engine.tokens.operator);
      for (const [number, port] of [
        [16, 'vlan16'],
        [66, 'vlan66'],
      ] as const) {
        const { mac, ipv4, prefix } = lab.servers[port];
        const serverId = `srv-${number}`;
        const added = { serverId, customerId: `c${number}`, port: `leaf1:Ethernet${number}`, vlan: number, mac };
        await publish('ServerAdded', serverId, added);
        await publish('Ipv6PrefixAssigned', serverId, { serverId, prefix });
        for (const address of number === 16 ? [ipv4, ...victimAddresses] : [ipv4])
          await publish('Ipv4AddOnBought', serverId, { serverId, addOnId: address, address });
      }
    }
    let published = 0;
    async function publish(
      type: PublishedType,
      subject: string,
      data: object,
      token = engine.tokens.publisher,
    ): Promise<void> {
      const event = exampleEvent(type, {
        id: `sale-${published++}`,
        subject,
        time: new Date().toISOString(),
        data: { ...data },
      });
      expect(await engine.publish(event, token)).toMatchObject({ status: 201 });
    }
    async function asked<Item>(path: string, field: string): Promise<Item[]> {
      const headers = { authorization: `Bearer ${engine.tokens['security-analyst']}` };
      return (await engine.call(path, { headers })).body[field] as Item[];
    }
    const violations = (): Promise<ViolationView[]> => asked('/v1/violations?port=leaf1:Ethernet66', 'violations');

    const isMade = (name: string): boolean => rules.some((rule) => rule.name === name);
    const isTold = ({ rules: wanted, claims }: ToolAttack, { rule, claimedAddress }: ViolationView): boolean =>
      wanted.includes(rule) && (claims === undefined || claimedAddress === claims);

    async function attack(one: ToolAttack): Promise<void> {
      const known = new Map((await violations()).map(({ violationId, count }) => [violationId, count]));
      const child = startInside(lab.servers.vlan66.namespace, one.args[0], one.args.slice(1));
      let said = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-500)));
      let found: ViolationView | undefined;
      let seenAt = 0;
      const isSeen = async (): Promise<boolean> => {
        // What a port does beyond its share of the feed is told as more of the same.
        found = (await violations()).find(
          (seen) => seen.count > (known.get(seen.violationId) ?? 0) && isTold(one, seen),
        );
        seenAt = Date.now();
        return found !== undefined;
      };
      try {
        await until(`the feed tells of ${one.tool}`, isSeen);
      } catch (cause) {
        const rest = (await violations()).filter(({ violationId }) => !known.has(violationId)).slice(0, 5);
        throw new Error(`${String(cause)}; it printed: ${said}; new: ${JSON.stringify(rest)}`, { cause });
      } finally {
        await end(child, 'SIGINT');
        const isNew = found !== undefined && !known.has(found.violationId);
        const afterMs = isNew ? seenAt - Date.parse(found?.firstSeen ?? '') : undefined;
        outcomes.push({ attack: one, told: found, afterMs });
      }
    }

    /** Peers are counted from the same frame; of IPv6, and of what claims no single address, they can say nothing. */
    function rowOf({ attack: { tool, does, claims }, told, afterMs }: Outcome): string[] {
      const ours = told === undefined ? 'nothing' : `${told.rule} ${afterMs === undefined ? 'again' : `${afterMs} ms`}`;
      const others = peers.map((peer) => {
        const report = told === undefined || claims === undefined ? undefined : peer.reported(claims, told.firstSeen);
        return report === undefined ? '' : `${report.as} ${report.ms} ms`;
      });
      return [tool, does, claims ?? told?.claimedAddress ?? '', ours, ...others];
    }

    for (const one of toolAttacks.filter((wanted) => wanted.rules.some(isMade)))
      it(`tells of ${one.tool}: ${one.does} (${one.rules.filter(isMade).join(' or ')})`, () => attack(one), 60_000);
  },
  whyNoAttackTools,
);
