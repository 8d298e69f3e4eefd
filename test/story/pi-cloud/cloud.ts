import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { netbootNetwork } from '../../../projections/index.js';
import { startBare } from '../../bench/bare-rack-script.js';
import { DhcpClients } from '../../lab/dhcp-clients.js';
import { type Kea, keaIn } from '../../lab/kea.js';
import { createPiRack, type Pi, type PiRack, type RackSwitch, tftpAddress } from '../../lab/pi-rack.js';
import { gatewayOf, gatewaysOf, soldTo } from '../../lab/pi-sale.js';
import { fetchAsFirmware, type Tftp, tftpIn } from '../../lab/tftp.js';
import type { DhcpStatus } from '../../../src/reactors/dhcp-status.js';
import { ask, publish } from '../billing.js';
import { makeTokens, portledger, startEngineProcess, type StoryEngine, type Tokens } from '../engine.js';
import { until } from '../scene.js';

/** How long a state of the rack is waited for, ms: 96 machines start on what may be two busy cores. */
const patienceMs = 120_000;
/** So many machines ask at the same time; more would only wait for this machine's processor. */
const clientsAtOnce = 12;
const file = 'kernel8.img';
/** With this the command line says that something waits for an operator. */
const waits = 5;

/** When one board had what it was sold, `performance.now()`; undefined where it had nothing, or something else. */
export interface Booted {
  /** Leased by DHCPv4 from the private /30 of its port. */
  readonly netboot: number | undefined;
  /** Fetched by TFTP, from the switch it hangs on. */
  readonly file: number | undefined;
  /** Leased by DHCPv6. */
  readonly address: number | undefined;
  readonly prefix: number | undefined;
}

/** Board servers that were sold IPv6 only, the switches they hang on, and an engine that nobody helps. */
export class PiCloud {
  readonly tokens: Tokens;
  private readonly daemons: (Kea | Tftp)[] = [];
  private readonly keas = new Map<string, { readonly v4: Kea; readonly v6: Kea }>();
  private running: StoryEngine | undefined;
  private closing: Promise<void> | undefined;

  private constructor(readonly rack: PiRack) {
    this.tokens = makeTokens(rack);
  }

  /** @param boards how many servers, half of them at each switch */
  static async build(boards: number): Promise<PiCloud> {
    const rack = await createPiRack(boards / 2);
    const cloud = new PiCloud(rack);
    try {
      await rack.addNetboot();
      for (const one of rack.switches) await cloud.startDaemons(one);
      return cloud;
    } catch (error) {
      await cloud.close();
      throw error;
    }
  }

  get engine(): StoryEngine {
    if (this.running === undefined) throw new Error('the engine was not started yet');
    return this.running;
  }

  /** The least that can be done, on the same rack: ms from the first cable to the last route at the upstream. */
  async bareBoot(): Promise<number> {
    const script = await startBare(this.rack);
    try {
      const took = await this.lightUp();
      this.rack.powerOff();
      await until('no route is at the upstream', async () => (await this.rack.announced()) === 0, patienceMs);
      return took;
    } finally {
      script.disconnect();
      for (const { bird } of this.rack.switches) writeFileSync(bird.include6, '');
    }
  }

  /** Starts the engine and sells every board over HTTP; gives how many facts were stored. */
  async sell(): Promise<number> {
    const { rack, tokens } = this;
    const dhcp = ({ name, netboot }: RackSwitch): object => {
      const kea = this.keas.get(name);
      const boot = [{ architectures: [11], tftpServer: tftpAddress, tftpFile: file }];
      return { dhcp: { socket4: kea?.v4.socket, socket6: kea?.v6.socket, netboot, boot } };
    };
    // Whoever waits for it here asks often.
    const limits = { requestsPerSecond: 1_000 };
    this.running = await startEngineProcess(rack.directory, 'data', { limits, gateways: gatewaysOf(rack, dhcp) });
    const declared = await publish(this.engine, tokens, rack.switches.map(gatewayOf), 'operator');
    const answers = await publish(this.engine, tokens, rack.pis.flatMap(soldTo));
    const wrong = answers.find(({ effect }) => effect !== 'applied');
    if (wrong !== undefined) throw new Error(`a sale was answered ${JSON.stringify(wrong)}`);
    return declared.length + answers.length;
  }

  /** Runs a verb as the operator. */
  asOperator(args: readonly string[], endsWith = 0): Promise<string> {
    return portledger(this.engine, this.tokens.operatorFile, args, endsWith);
  }

  /** The first plan of a switch, once it has both entries of each of its boards; as the command line shows it. */
  async plan({ name, pis }: RackSwitch): Promise<{ readonly hash: string; readonly shown: string }> {
    await until(`the plan of ${name} is whole`, async () => {
      const { lines } = await ask<{ lines: unknown[] }>(this.engine, this.tokens, `/v1/devices/${name}/plan`);
      return lines.length === pis.length * 2;
    });
    const shown = await this.asOperator(['plan', name], waits);
    return { hash: /portledger apply ([0-9a-f]{16})/.exec(shown)?.[1] ?? '', shown };
  }

  /** Has the first plan of DHCP done; gives when every board of the switch is served. */
  async applyDhcp({ name, pis }: RackSwitch): Promise<void> {
    const status = (): Promise<DhcpStatus> => ask<DhcpStatus>(this.engine, this.tokens, `/v1/devices/${name}/dhcp`);
    let planHash: string | undefined;
    await until(`the plan of DHCP of ${name} is whole`, async () => {
      const { plan, ...rest } = await status();
      ({ planHash } = rest);
      return plan.filter(({ line }) => line.startsWith('dhcp4') && line.includes(' at ')).length === pis.length;
    });
    await this.asOperator(['dhcp', 'apply', name, planHash ?? '']);
    await until(
      `DHCP of ${name} is as the plan says`,
      async () => {
        const { state, hosts } = await status();
        return state === 'equal' && hosts.length === pis.length;
      },
      patienceMs,
    );
  }

  /** Both ends know every board: two entries each, its link-local address and what it starts with. */
  untilEntries(): Promise<number> {
    const { rack } = this;
    return until(
      'the switches have the entries of every board',
      async () => {
        return (await rack.entries(6)) + (await rack.entries(4)) === rack.pis.length * 2;
      },
      patienceMs,
    );
  }

  /**
   * All cables come up at once; ms until the upstream has the last route.
   * @param onRoutes told how many it has, as often as it is asked
   */
  async lightUp(onRoutes: (routes: number) => void = () => {}): Promise<number> {
    const all = this.rack.pis.length;
    const start = performance.now();
    this.rack.powerOn();
    await until(
      'every route is at the upstream',
      async () => {
        const routes = await this.rack.announced();
        onRoutes(routes);
        return routes === all;
      },
      patienceMs,
    );
    return performance.now() - start;
  }

  /** Every board asks for its leases and fetches what it starts with. @param onBoard told after each */
  async boot(onBoard: (booted: Booted) => void): Promise<void> {
    const waiting = this.rack.switches.flatMap((one) => one.pis.map((pi) => ({ one, pi })));
    const hand = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        onBoard(await this.bootOne(next.one, next.pi));
      }
    };
    await Promise.all(Array.from({ length: clientsAtOnce }, hand));
  }

  close(): Promise<void> {
    return (this.closing ??= this.closeOnce());
  }

  private async closeOnce(): Promise<void> {
    await this.running?.stop();
    await Promise.all(this.daemons.map((one) => one.stop()));
    await this.rack.close();
  }

  private async startDaemons({ name, namespace }: RackSwitch): Promise<void> {
    const folder = join(this.rack.directory, name);
    const [v4, v6] = [keaIn(namespace, folder, 4), keaIn(namespace, folder, 6)];
    this.daemons.push(v4, v6);
    this.keas.set(name, { v4, v6 });
    await Promise.all([v4.start(), v6.start()]);
    this.daemons.push(await tftpIn(namespace, folder, tftpAddress, { [file]: name }));
  }

  private async bootOne({ name, netboot }: RackSwitch, { namespace, mac, vlan, prefix }: Pi): Promise<Booted> {
    const clients = new DhcpClients(this.rack.directory, namespace);
    const start = netbootNetwork(netboot, vlan);
    const given4 = await clients.udhcpc('-x', '0x5d:000b');
    const isStart = given4.ipv4 === start?.machine && given4.router === start?.gateway;
    const netbootAt = nowIf(isStart);
    const fetched = await fetchAsFirmware(namespace, this.rack.directory, given4);
    const fileAt = nowIf(fetched === name);
    const { ipv6, prefix: delegated } = await clients.dhclient6(`00030001${mac.replaceAll(':', '')}`, 30);
    // A pair without IPv4 has the interface identifier 2.
    const isItsOwn = ipv6 === prefix.replace('::/48', '::2');
    return { netboot: netbootAt, file: fileAt, address: nowIf(isItsOwn), prefix: nowIf(delegated === prefix) };
  }
}

const nowIf = (isSo: boolean): number | undefined => (isSo ? performance.now() : undefined);
