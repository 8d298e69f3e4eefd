import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Ipv4Address,
  type Ipv6Address,
  type Ipv6Prefix,
  linkLocalOf,
  type MacAddress,
} from '../../events/index.js';
import { BirdControl } from '../../src/drivers/bgp/bird-control.js';
import { switchBirdBase, upstreamBirdBase } from './bird-base.js';
import { BirdDaemons, until } from './bird-daemon.js';
import { type Capture, startCapture } from './lab-capture.js';
import { sendFrames } from './lab-forge.js';
import { end, ipBatch, run } from './lab-process.js';
import { removeSpaces, setSysctls } from './lab-spaces.js';
import { sweepAfterTheDead } from './lab-sweep.js';
import { gatewayCommands, type LabServer, serverCommands, serverRoutes, silence } from './lab-ports.js';

export { patienceMs, until } from './bird-daemon.js';
export { whyNoLab } from './lab-needs.js';

export type LabPort = 'vlan11' | 'vlan16' | 'vlan66' | 'vlan21';

/** A route in the upstream's BIRD. */
export interface UpstreamRoute {
  readonly destination: string;
  readonly med: number | undefined;
  /** As the upstream prints them, standard ones and then large ones, in one order: `64512:100 64512:1:2`. */
  readonly communities: string;
}

export interface LabOptions {
  /** Leave `check link yes` out of the switch's BIRD to see what that breaks. */
  readonly checkLink?: boolean;
  /** Whether the switch's BIRD is started; the upstream's always is. */
  readonly startBird?: boolean;
}

const uplinkMac = { sw: '52:54:00:ff:01:01', up: '52:54:00:ff:01:02' };
const gatewayMac = '52:54:00:ff:00:01';
let labs = 0;

/** Makes the namespaces, cables and daemons of one lab; ports have no carrier until the server's end comes up. */
export async function createLab(options: LabOptions = {}): Promise<Lab> {
  sweepAfterTheDead();
  const lab = new Lab(options);
  try {
    await lab.build();
  } catch (error) {
    await lab.close();
    throw error;
  }
  return lab;
}

/**
 * A gateway `sw` with four server ports (veth ends named like VLAN interfaces) and an upstream provider `up`, both with
 * BIRD. The gateway never asks: solicitations are off and the BGP peers know each other by permanent entries.
 */
export class Lab {
  readonly sw: string;
  readonly up: string;
  readonly directory: string;
  readonly interfaces: readonly LabPort[] = ['vlan11', 'vlan16', 'vlan66', 'vlan21'];
  readonly servers: Record<LabPort, LabServer>;
  /** What `createBirdBgp` needs to know of the switch's daemon. */
  readonly bird: Readonly<Record<'socket' | 'confFile' | 'include6' | 'include4' | 'protocol6' | 'protocol4', string>>;
  private readonly upstream: BirdControl;
  private readonly daemons = new BirdDaemons();
  private switchBird: ChildProcessWithoutNullStreams | undefined;
  private readonly lastResort = (): void => this.removeAll();

  constructor(private readonly options: LabOptions) {
    const name = `pllab-${process.pid}-${++labs}`;
    this.sw = `${name}-sw`;
    this.up = `${name}-up`;
    this.directory = mkdtempSync(join(tmpdir(), `${name}-`));
    const file = (last: string): string => join(this.directory, last);
    this.bird = {
      socket: file('sw.ctl'),
      confFile: file('sw.conf'),
      include6: file('billing6.conf'),
      include4: file('billing4.conf'),
      protocol6: 'billing6',
      protocol4: 'billing4',
    };
    const server = (id: string): LabServer => ({
      namespace: `${name}-srv${id}`,
      mac: `52:54:00:00:00:${id}` as MacAddress,
      linkLocal: linkLocalOf(`52:54:00:00:00:${id}` as MacAddress),
      ipv4: `198.51.100.${id}` as Ipv4Address,
      prefix: `2001:db8:${id}::/48` as Ipv6Prefix,
    });
    this.servers = { vlan11: server('11'), vlan16: server('16'), vlan66: server('66'), vlan21: server('21') };
    this.upstream = new BirdControl('upstream', file('up.ctl'), 5_000);
    process.once('exit', this.lastResort);
  }

  async build(): Promise<void> {
    const spaces = [this.sw, this.up, ...Object.values(this.servers).map(({ namespace }) => namespace)];
    await ipBatch(
      undefined,
      spaces.map((space) => `netns add ${space}`),
    );
    const cables = this.interfaces.map((port) => {
      const { namespace, mac } = this.servers[port];
      return `link add ${port} address ${gatewayMac} type veth peer name eth0 address ${mac} netns ${namespace}`;
    });
    const uplink = `link add up0 address ${uplinkMac.sw} type veth peer name eth0 address ${uplinkMac.up} netns ${this.up}`;
    await ipBatch(this.sw, [...cables, uplink]);
    await Promise.all([
      setSysctls(this.sw, silence(['up0', ...this.interfaces])),
      setSysctls(this.up, ['net/ipv6/conf/eth0/dad_transmits=0', 'net/ipv6/conf/eth0/accept_ra=0']),
      ...Object.values(this.servers).map(({ namespace }) =>
        setSysctls(
          namespace,
          ['dad_transmits=0', 'accept_ra=0', 'keep_addr_on_down=1'].map((set) => `net/ipv6/conf/eth0/${set}`),
        ),
      ),
    ]);
    await ipBatch(this.sw, [
      'link set lo up',
      'addr add 198.51.100.1/32 dev lo',
      'addr add 2001:db8::1/128 dev lo nodad',
      'link set up0 up',
      'addr add 10.255.1.1/24 dev up0',
      'addr add 2001:db8:ff:1::1/64 dev up0 nodad',
      `neigh replace 10.255.1.2 lladdr ${uplinkMac.up} dev up0 nud permanent`,
      `neigh replace 2001:db8:ff:1::2 lladdr ${uplinkMac.up} dev up0 nud permanent`,
      ...this.interfaces.flatMap((port) => [`link set ${port} up`, ...gatewayCommands(port)]),
    ]);
    await ipBatch(this.up, [
      'link set lo up',
      'link set eth0 up',
      'addr add 10.255.1.2/24 dev eth0',
      'addr add 2001:db8:ff:1::2/64 dev eth0 nodad',
      `neigh replace 10.255.1.1 lladdr ${uplinkMac.sw} dev eth0 nud permanent`,
      `neigh replace 2001:db8:ff:1::1 lladdr ${uplinkMac.sw} dev eth0 nud permanent`,
    ]);
    await Promise.all(Object.values(this.servers).map((server) => ipBatch(server.namespace, serverCommands(server))));
    const file = (last: string): string => join(this.directory, last);
    const base = switchBirdBase({ ...this.bird, log: file('sw.log') }, { checkLink: this.options.checkLink ?? true });
    writeFileSync(this.bird.confFile, base);
    writeFileSync(this.bird.include6, '');
    writeFileSync(this.bird.include4, '');
    writeFileSync(file('up.conf'), upstreamBirdBase(file('up.log')));
    await this.daemons.start(this.up, file('up.conf'), file('up.ctl'));
    if (this.options.startBird !== false) await this.startBird();
  }

  /** Starts BIRD on the switch and waits until both sessions stand. */
  async startBird(): Promise<void> {
    this.switchBird = await this.daemons.start(this.sw, this.bird.confFile, this.bird.socket);
    await until('both BGP sessions are established', async () => {
      const { lines } = await this.upstream.command('show protocols');
      return lines.filter(({ text }) => /^customer[46] .* Established/.test(text)).length === 2;
    });
  }

  /** Starts BIRD on the switch again where a test ended it. */
  async startBirdIfStopped(): Promise<void> {
    if (this.switchBird === undefined) await this.startBird();
  }

  /** Ends BIRD on the switch, as a crash would. */
  async stopBird(): Promise<void> {
    if (this.switchBird !== undefined) await end(this.switchBird, 'SIGKILL');
    this.switchBird = undefined;
  }

  /** Makes the switch's BIRD read its files again, as an operator does by hand. */
  async reloadBird(): Promise<void> {
    const control = new BirdControl('lab', this.bird.socket, 5_000);
    const { code } = await control.command('configure').finally(() => control.close());
    if (!['0003', '0004', '0005'].includes(code)) throw new Error(`BIRD did not reload: ${code}`);
  }

  /** Process ids of the daemons of this lab. */
  pids(): number[] {
    return this.daemons.running.flatMap(({ pid }) => pid ?? []);
  }

  /** Brings the server's end of the cable up or down: the switch sees carrier. */
  async setCarrier(port: LabPort, up: boolean): Promise<void> {
    const { namespace } = this.servers[port];
    if (up) await ipBatch(namespace, ['link set eth0 up', ...serverRoutes]);
    else await ipBatch(namespace, ['link set eth0 down']);
  }

  /** Takes the switch's end down: its permanent entries and its fe80::1 are lost. */
  adminDown(port: LabPort): Promise<void> {
    return ipBatch(this.sw, [`link set ${port} down`]);
  }

  adminUp(port: LabPort): Promise<void> {
    return ipBatch(this.sw, [`link set ${port} up`]);
  }

  /** Puts the gateway's link-local address back, as an operator's network scripts do after an admin bounce. */
  restoreGateway(port: LabPort): Promise<void> {
    return ipBatch(this.sw, gatewayCommands(port));
  }

  /** The machine at the port gets another network card; its addresses stay. */
  async replaceNic(port: LabPort, mac: MacAddress): Promise<void> {
    const server = this.servers[port];
    const state = await run('ip', ['-n', server.namespace, '-o', 'link', 'show', 'dev', 'eth0']);
    await ipBatch(server.namespace, ['link set eth0 down', `link set eth0 address ${mac}`]);
    this.servers[port] = { ...server, mac, linkLocal: linkLocalOf(mac) };
    if (/<[^>]*\bUP\b/.test(state)) await this.setCarrier(port, true);
  }

  /** Carries the machine at `from` over to `to`, whose own machine leaves; `from` stays empty and without carrier. */
  async moveServer(from: LabPort, to: LabPort): Promise<void> {
    const [machine, place] = [this.servers[from], this.servers[to]];
    await ipBatch(machine.namespace, [
      'link set eth0 down',
      'addr flush dev eth0',
      'route flush table local root 2001:db8::/32',
    ]);
    const moved = { ...machine, namespace: place.namespace };
    await ipBatch(place.namespace, [
      'link set eth0 down',
      'addr flush dev eth0',
      `link set eth0 address ${machine.mac}`,
      ...serverCommands(moved),
    ]);
    this.servers[to] = moved;
    this.servers[from] = { ...place, namespace: machine.namespace };
    await this.setCarrier(to, true);
  }

  /**
   * Sends echo requests from the upstream, 50 ms apart; gives the number answered within 3 s. One program for each: of
   * several, ping waits for the last only twice as long as the ones before it took, which a busy machine does not keep.
   */
  async ping(address: Ipv4Address | Ipv6Address, count = 3): Promise<number> {
    const script = 'for one in $(seq "$2"); do ping -n -c 1 -W 3 "$1" & sleep 0.05; done; wait';
    const said = await run('ip', ['netns', 'exec', this.up, 'sh', '-c', script, 'sh', address, String(count)]);
    return said.match(/\b1 received/g)?.length ?? 0;
  }

  /** Captures at the switch's end of a port; `out` is what the switch itself sends. */
  capture(port: LabPort, filter = 'arp or icmp6', direction: 'in' | 'out' | 'inout' = 'inout'): Promise<Capture> {
    return startCapture(this.sw, port, filter, direction);
  }

  /** Sends raw frames (see frames.ts) from the server at a port. */
  async forge(port: LabPort, frames: readonly string[]): Promise<void> {
    await sendFrames(this.servers[port].namespace, 'eth0', frames);
  }

  /** Routes in the upstream's BIRD by destination, as the world hears them. */
  async upstreamRoutes(): Promise<Map<string, UpstreamRoute>> {
    const routes = new Map<string, UpstreamRoute>();
    let destination = '';
    const add = (more: Partial<UpstreamRoute>): void => {
      const known = routes.get(destination) ?? { destination, med: undefined, communities: '' };
      routes.set(destination, { ...known, ...more });
    };
    for (const { text } of (await this.upstream.command('show route all')).lines) {
      const start = /^(\S+)\s+unicast /.exec(text)?.[1];
      if (start !== undefined) add({ destination: (destination = start) });
      const med = /^\s+BGP\.med: (\d+)/.exec(text)?.[1];
      if (med !== undefined) add({ med: Number(med) });
      const list = /^\s+BGP\.(?:large_)?community: (.*)$/.exec(text)?.[1];
      if (list === undefined) continue;
      const found = [...list.matchAll(/\(([^)]*)\)/g)].map(([, parts = '']) => parts.replace(/, ?/g, ':')).sort();
      add({ communities: [routes.get(destination)?.communities, ...found].filter(Boolean).join(' ') });
    }
    return routes;
  }

  /** `ip -j` in the switch's namespace: what the kernel really holds. */
  async switchKernel(...args: readonly string[]): Promise<unknown> {
    return JSON.parse((await run('ip', ['-n', this.sw, '-j', ...args])) || '[]') as unknown;
  }

  /** Types an iproute2 command at the switch, as an operator with root would. */
  byHand(...commands: readonly string[]): Promise<void> {
    return ipBatch(this.sw, commands);
  }

  async close(): Promise<void> {
    await this.upstream.close();
    await Promise.all(this.daemons.running.map((child) => end(child, 'SIGKILL')));
    this.removeAll();
    process.off('exit', this.lastResort);
  }

  private removeAll(): void {
    for (const child of this.daemons.running) child.kill('SIGKILL');
    const spaces = [this.sw, this.up, ...Object.values(this.servers).map(({ namespace }) => namespace)];
    removeSpaces(spaces);
    rmSync(this.directory, { recursive: true, force: true });
  }
}
