import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BirdControl } from '../../src/drivers/bgp/bird-control.js';
import { searchPath } from './lab-needs.js';
import { gatewayCommands, silence } from './lab-ports.js';
import { end, ipBatch, run, startInside } from './lab-process.js';
import { sweepAfterTheDead } from './lab-sweep.js';
import { until } from './lab.js';

export const mac = '52:54:00:00:00:16';
export const prefix = '2001:db8:16::/48';
export const address = '198.51.100.16';
const gatewayMac = '52:54:00:ff:00:01';
export const leaves = ['leaf1', 'leaf2'] as const;
export type Leaf = (typeof leaves)[number];

/** One session of the peer gained or lost a route. */
export interface PeerChange {
  readonly leaf: Leaf;
  readonly change: 'added' | 'removed';
}

/** How long a state of the world is waited for before a test fails, ms: for four daemons on a busy machine. */
export const patienceMs = 60_000;

let labs = 0;

/**
 * Two gateways with BIRD, one peer with BIRD that hears both, and a machine with a cable to each: as a virtual machine
 * is while it moves. The peer writes down every route that it takes in or drops, in the order in which it does.
 */
export class TwoGateways {
  readonly directory: string;
  private readonly name = `pllab-${process.pid}-two${++labs}`;
  private readonly children: ChildProcessWithoutNullStreams[] = [];
  private readonly lastResort = (): void => this.removeAll();

  private constructor() {
    this.directory = mkdtempSync(join(tmpdir(), `${this.name}-`));
    process.once('exit', this.lastResort);
  }

  static async create(): Promise<TwoGateways> {
    sweepAfterTheDead();
    const lab = new TwoGateways();
    try {
      await lab.build();
    } catch (error) {
      await lab.close();
      throw error;
    }
    return lab;
  }

  namespaceOf(which: Leaf | 'peer' | 'server'): string {
    return `${this.name}-${which}`;
  }

  /** What the configuration says of a gateway's daemon. */
  birdOf(leaf: Leaf): Record<string, string> {
    const file = (last: string): string => join(this.directory, `${leaf}-${last}`);
    return {
      ...{ kind: 'bird', socket: file('bird.ctl'), confFile: file('bird.conf') },
      ...{ include6: file('6.conf'), include4: file('4.conf'), protocol6: 'billing6', protocol4: 'billing4' },
    };
  }

  /** Every change of a destination at the peer since it started, in order. */
  peerChanges(destination: string = prefix): PeerChange[] {
    const changes: PeerChange[] = [];
    for (const line of readFileSync(join(this.directory, 'peer.log'), 'utf8').split('\n')) {
      const [, leaf, change, changed] =
        /<TRACE> (leaf[12])_[46]\S* > (added|removed)(?: \[[^\]]*\])? (\S+)/.exec(line) ?? [];
      if (changed !== destination || (leaf !== 'leaf1' && leaf !== 'leaf2')) continue;
      changes.push({ leaf, change: change === 'added' ? 'added' : 'removed' });
    }
    return changes;
  }

  /** How many next hops the peer had for the prefix after each change. */
  nextHops(): number[] {
    const holding = new Set<Leaf>();
    return this.peerChanges().map(({ leaf, change }) => {
      if (change === 'added') holding.add(leaf);
      else holding.delete(leaf);
      return holding.size;
    });
  }

  /** Resolves when the machine answers echo requests from the peer. */
  async answers(target: string): Promise<void> {
    const ping = ['netns', 'exec', this.namespaceOf('peer'), 'ping', '-n', '-c', '1', '-W', '1', target];
    const isAnswered = (): Promise<boolean> =>
      run('ip', ping).then(
        () => true,
        () => false,
      );
    await until(`${target} answers`, isAnswered, patienceMs);
  }

  async close(): Promise<void> {
    await Promise.all(this.children.map((child) => end(child, 'SIGKILL')));
    this.removeAll();
    process.off('exit', this.lastResort);
  }

  private async build(): Promise<void> {
    const [peer, server] = [this.namespaceOf('peer'), this.namespaceOf('server')];
    await ipBatch(
      undefined,
      [peer, server, ...leaves.map((leaf) => this.namespaceOf(leaf))].map((space) => `netns add ${space}`),
    );
    for (const [index, leaf] of leaves.entries()) await this.cable(leaf, index + 1);
    await this.write(
      server,
      ['all', 'leaf1', 'leaf2'].map((name) => `net/ipv4/conf/${name}/rp_filter=0`),
    );
    await ipBatch(server, [
      'link set lo up',
      ...leaves.flatMap((leaf) => [`link set ${leaf} up`]),
      `addr add ${address}/32 dev lo`,
      `route add local ${prefix} dev lo`,
      'route replace default via fe80::1 dev leaf1',
      'route replace default via 198.51.100.1 dev leaf1 onlink',
    ]);
    writeFileSync(join(this.directory, 'peer.conf'), peerConf(join(this.directory, 'peer.log')));
    await ipBatch(peer, ['link set lo up']);
    await this.bird(peer, join(this.directory, 'peer.conf'), join(this.directory, 'peer.ctl'));
    for (const [index, leaf] of leaves.entries()) await this.gateway(leaf, index + 1);
    const control = new BirdControl('peer', join(this.directory, 'peer.ctl'), 5_000);
    const standing = async (): Promise<boolean> => {
      const { lines } = await control.command('show protocols');
      return lines.filter(({ text }) => /^leaf[12]_[46] .* Established/.test(text)).length === 4;
    };
    await until('all four sessions are established', standing, patienceMs).finally(() => control.close());
  }

  /** The uplink of a gateway and its cable to the machine. */
  private async cable(leaf: Leaf, number: number): Promise<void> {
    const [gateway, peer, server] = [this.namespaceOf(leaf), this.namespaceOf('peer'), this.namespaceOf('server')];
    const up = `52:54:00:ff:0${number}:01`;
    const down = `52:54:00:ff:0${number}:02`;
    await ipBatch(gateway, [
      `link add up0 address ${up} type veth peer name ${leaf} address ${down} netns ${peer}`,
      `link add vlan16 address ${gatewayMac} type veth peer name ${leaf} address ${mac} netns ${server}`,
    ]);
    await this.write(gateway, silence(['up0', 'vlan16']));
    await this.write(
      peer,
      ['dad_transmits=0', 'accept_ra=0'].map((set) => `net/ipv6/conf/${leaf}/${set}`),
    );
    await this.write(
      server,
      ['dad_transmits=0', 'accept_ra=0'].map((set) => `net/ipv6/conf/${leaf}/${set}`),
    );
    await ipBatch(gateway, [
      ...['link set lo up', 'addr add 198.51.100.1/32 dev lo', 'link set up0 up', 'link set vlan16 up'],
      ...gatewayCommands('vlan16'),
      `addr add 10.255.${number}.1/24 dev up0`,
      `addr add 2001:db8:ff:${number}::1/64 dev up0 nodad`,
      `neigh replace 10.255.${number}.2 lladdr ${down} dev up0 nud permanent`,
      `neigh replace 2001:db8:ff:${number}::2 lladdr ${down} dev up0 nud permanent`,
      `route add default via 10.255.${number}.2 dev up0`,
      `route add default via 2001:db8:ff:${number}::2 dev up0`,
    ]);
    await ipBatch(peer, [
      `link set ${leaf} up`,
      `addr add 10.255.${number}.2/24 dev ${leaf}`,
      `addr add 2001:db8:ff:${number}::2/64 dev ${leaf} nodad`,
      `neigh replace 10.255.${number}.1 lladdr ${up} dev ${leaf} nud permanent`,
      `neigh replace 2001:db8:ff:${number}::1 lladdr ${up} dev ${leaf} nud permanent`,
    ]);
  }

  private async gateway(leaf: Leaf, number: number): Promise<void> {
    const { confFile = '', include6 = '', include4 = '', socket = '' } = this.birdOf(leaf);
    writeFileSync(confFile, gatewayConf(number, include6, include4));
    writeFileSync(include6, '');
    writeFileSync(include4, '');
    await this.bird(this.namespaceOf(leaf), confFile, socket);
  }

  private async bird(netns: string, conf: string, socket: string): Promise<void> {
    const child = startInside(netns, 'bird', ['-f', '-c', conf, '-s', socket, '-P', `${socket}.pid`]);
    child.stdout.resume();
    child.stderr.resume();
    this.children.push(child);
    const control = new BirdControl('lab', socket, 5_000);
    const answers = async (): Promise<boolean> =>
      (await control.command('show status').catch(() => undefined))?.code === '0013';
    await until(`bird answers on ${socket}`, answers, patienceMs).finally(() => control.close());
  }

  private async write(netns: string, settings: readonly string[]): Promise<void> {
    const script = settings.map((setting) => setting.replace(/^(.*)=(.*)$/, 'echo $2 > /proc/sys/$1')).join('\n');
    await run('ip', ['netns', 'exec', netns, 'sh', '-e', '-c', script]);
  }

  private removeAll(): void {
    for (const child of this.children) child.kill('SIGKILL');
    for (const which of [...leaves, 'peer', 'server'] as const)
      spawnSync('ip', ['netns', 'del', this.namespaceOf(which)], { env: { PATH: searchPath }, stdio: 'ignore' });
    rmSync(this.directory, { recursive: true, force: true });
  }
}

function gatewayConf(number: number, include6: string, include4: string): string {
  return `router id 10.255.${number}.1;
protocol device { scan time 10; }
protocol kernel kernel6 { ipv6 { import none; export all; }; }
protocol kernel kernel4 { ipv4 { import none; export all; }; }
protocol static billing6 {
  ipv6; check link yes;
  include "${include6}";
}
protocol static billing4 {
  ipv4; check link yes;
  include "${include4}";
}
template bgp upstream {
  local as 64512;
  hold time 30; connect delay time 0; connect retry time 1; error wait time 1, 5;
}
protocol bgp upstream6 from upstream {
  neighbor 2001:db8:ff:${number}::2 as 64513;
  ipv6 { import none; export where proto = "billing6"; next hop self; };
}
protocol bgp upstream4 from upstream {
  neighbor 10.255.${number}.2 as 64513;
  ipv4 { import none; export where proto = "billing4"; next hop self; };
}
`;
}

/** One AS that hears both gateways, compares their MEDs, and writes down each route as it comes and goes. */
function peerConf(log: string): string {
  const sessions = leaves.map((leaf, index) => {
    const number = index + 1;
    return `protocol bgp ${leaf}_6 from customer {
  neighbor 2001:db8:ff:${number}::1 as 64512;
  debug { routes };
  ipv6 { import all; export none; };
}
protocol bgp ${leaf}_4 from customer {
  neighbor 10.255.${number}.1 as 64512;
  debug { routes };
  ipv4 { import all; export none; };
}
`;
  });
  return `log "${log}" all;
router id 10.255.1.2;
protocol device { scan time 10; }
protocol kernel kernel6 { ipv6 { import none; export where source = RTS_BGP; }; }
protocol kernel kernel4 { ipv4 { import none; export where source = RTS_BGP; }; }
template bgp customer {
  local as 64513;
  hold time 30; connect delay time 0; connect retry time 1; error wait time 1, 5;
}
${sessions.join('')}`;
}
