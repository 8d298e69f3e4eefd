import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ipv4Prefix, Ipv6Prefix, MacAddress } from '../../events/index.js';
import { netbootNetwork } from '../../projections/index.js';
import { BirdControl } from '../../src/drivers/bgp/bird-control.js';
import { switchBirdBase, upstreamBirdBase } from './bird-base.js';
import { BirdDaemons, until } from './bird-daemon.js';
import { silence } from './lab-ports.js';
import { end, ipBatch, run, startInside } from './lab-process.js';
import { removeSpaces, setSysctls } from './lab-spaces.js';
import { sweepAfterTheDead } from './lab-sweep.js';

export const portsOfASwitch = 48;

/** A single-board server: one port, one VLAN, one IPv6 prefix, no IPv4. */
export interface Pi {
  readonly serverId: string;
  readonly switch: string;
  /** `leaf1:Ethernet7`. */
  readonly port: string;
  /** The switch's end of its cable, named like its VLAN interface. */
  readonly vlanInterface: string;
  readonly vlan: number;
  readonly namespace: string;
  readonly mac: MacAddress;
  readonly prefix: Ipv6Prefix;
}

/** One of the two switches, with its own BIRD. */
export interface RackSwitch {
  readonly name: string;
  readonly namespace: string;
  /** Number of its uplink, and the third byte of its addresses. */
  readonly uplink: number;
  readonly bird: Readonly<Record<'socket' | 'confFile' | 'include6' | 'include4' | 'protocol6' | 'protocol4', string>>;
  readonly pis: readonly Pi[];
  /** What its machines are started from. */
  readonly netboot: Ipv4Prefix;
}

/** Where each switch has its files to start from. */
export const tftpAddress = '192.0.2.9';

const gatewayMac = '52:54:00:ff:00:01';
const uplinkMac = (end: 'sw' | 'up', uplink: number): string => `52:54:00:ff:0${uplink}:0${end === 'sw' ? 1 : 2}`;
let racks = 0;

/**
 * Makes the namespaces, cables and daemons of a rack; no server is powered on.
 * @param ports how many of each switch have a server
 */
export async function createPiRack(ports = portsOfASwitch): Promise<PiRack> {
  sweepAfterTheDead();
  const rack = new PiRack(ports);
  try {
    await rack.build();
  } catch (error) {
    await rack.close();
    throw error;
  }
  return rack;
}

/** Single-board servers at two switches, 48 each where nothing else is said, and an upstream that hears both. */
export class PiRack {
  readonly directory: string;
  readonly switches: readonly RackSwitch[];
  readonly pis: readonly Pi[];
  private readonly up: string;
  private readonly upstream: BirdControl;
  private readonly daemons = new BirdDaemons();
  /** One `ip` for each server that waits for its lines: so all of them are powered on at once. */
  private readonly hands: ReturnType<typeof startInside>[] = [];
  private readonly lastResort = (): void => this.removeAll();

  constructor(ports: number) {
    const name = `pllab-${process.pid}-r${++racks}`;
    this.directory = mkdtempSync(join(tmpdir(), `${name}-`));
    this.up = `${name}-up`;
    this.switches = [1, 2].map((uplink) => switchOf(name, this.directory, uplink, ports));
    this.pis = this.switches.flatMap(({ pis }) => pis);
    this.upstream = new BirdControl('upstream', join(this.directory, 'up.ctl'), 10_000);
    process.once('exit', this.lastResort);
  }

  async build(): Promise<void> {
    const spaces = this.spaces();
    await ipBatch(
      undefined,
      spaces.map((space) => `netns add ${space}`),
    );
    await setSysctls(this.up, ['net/ipv6/conf/default/dad_transmits=0', 'net/ipv6/conf/default/accept_ra=0']);
    for (const one of this.switches) await this.cable(one);
    await ipBatch(this.up, ['link set lo up', ...this.switches.flatMap(({ uplink }) => uplinkCommands('up', uplink))]);
    await Promise.all(
      this.pis.map(async ({ namespace, prefix }) => {
        await setSysctls(
          namespace,
          ['dad_transmits=0', 'accept_ra=0'].map((set) => `net/ipv6/conf/eth0/${set}`),
        );
        await ipBatch(namespace, ['link set lo up', `addr add ${prefix.replace('/48', '1/128')} dev lo nodad`]);
      }),
    );
    const conf = join(this.directory, 'up.conf');
    const uplinks = this.switches.map(({ uplink }) => uplink);
    writeFileSync(conf, upstreamBirdBase(join(this.directory, 'up.log'), uplinks));
    await this.daemons.start(this.up, conf, join(this.directory, 'up.ctl'));
    for (const { namespace, uplink, bird } of this.switches) {
      const log = join(this.directory, `${uplink}.log`);
      writeFileSync(bird.confFile, switchBirdBase({ ...bird, log }, { checkLink: true, uplink }));
      writeFileSync(bird.include6, '');
      writeFileSync(bird.include4, '');
      await this.daemons.start(namespace, bird.confFile, bird.socket);
    }
    await until('all BGP sessions are established', async () => {
      const { lines } = await this.upstream.command('show protocols');
      return lines.filter(({ text }) => /^customer.* Established/.test(text)).length === 4;
    });
    for (const { namespace } of this.pis) {
      const hand = startInside(namespace, 'ip', ['-force', '-batch', '-']);
      hand.stdout.resume();
      hand.stderr.resume();
      this.hands.push(hand);
    }
  }

  /** Every server's end of its cable comes up, all at once. */
  powerOn(): void {
    for (const hand of this.hands) hand.stdin.write('link set eth0 up\nroute replace default via fe80::1 dev eth0\n');
  }

  powerOff(): void {
    for (const hand of this.hands) hand.stdin.write('link set eth0 down\n');
  }

  /** Gives each VLAN interface the gateway's address of its private /30, and each switch the address of its files. */
  async addNetboot(): Promise<void> {
    for (const { namespace, pis, netboot } of this.switches)
      await ipBatch(namespace, [
        `addr replace ${tftpAddress}/32 dev lo`,
        ...pis.map(({ vlan, vlanInterface }) => {
          const { gateway = '' } = netbootNetwork(netboot, vlan) ?? {};
          return `addr replace ${gateway}/30 dev ${vlanInterface}`;
        }),
      ]);
  }

  /** How many of the servers' prefixes the upstream has from the switches. */
  async announced(): Promise<number> {
    const { lines } = await this.upstream.command('show route where proto ~ "customer6*"');
    const heard = new Set(lines.map(({ text }) => text.split(' ', 1)[0]));
    return this.pis.filter(({ prefix }) => heard.has(prefix)).length;
  }

  /** Permanent neighbour entries of a family in the kernels of both switches. */
  async entries(family: 4 | 6 = 6): Promise<number> {
    const said = await Promise.all(
      this.switches.map(({ namespace }) =>
        run('ip', ['-n', namespace, `-${family}`, 'neigh', 'show', 'nud', 'permanent']),
      ),
    );
    return said.join('').match(/dev vlan/g)?.length ?? 0;
  }

  /** Echo requests from the upstream to each server's first address; gives those that answered. */
  async answering(): Promise<number> {
    const script = 'for one in "$@"; do ping -n -c 1 -W 5 "$one" & done; wait';
    const addresses = this.pis.map(({ prefix }) => prefix.replace('/48', '1'));
    const said = await run('ip', ['netns', 'exec', this.up, 'sh', '-c', script, 'sh', ...addresses]);
    return said.match(/\b1 received/g)?.length ?? 0;
  }

  async close(): Promise<void> {
    await this.upstream.close();
    await Promise.all([...this.hands, ...this.daemons.running].map((child) => end(child, 'SIGKILL')));
    this.removeAll();
    process.off('exit', this.lastResort);
  }

  private async cable({ namespace, uplink, pis }: RackSwitch): Promise<void> {
    await ipBatch(namespace, [
      ...pis.map(
        (pi) =>
          `link add ${pi.vlanInterface} address ${gatewayMac} type veth peer name eth0 address ${pi.mac} netns ${pi.namespace}`,
      ),
      `link add up${uplink} address ${uplinkMac('sw', uplink)} type veth peer name up${uplink} address ${uplinkMac('up', uplink)} netns ${this.up}`,
    ]);
    await setSysctls(namespace, silence([`up${uplink}`, ...pis.map(({ vlanInterface }) => vlanInterface)]));
    await ipBatch(namespace, [
      'link set lo up',
      ...uplinkCommands('sw', uplink),
      ...pis.flatMap(({ vlanInterface: name }) => [`link set ${name} up`, `addr replace fe80::1/64 dev ${name} nodad`]),
    ]);
  }

  private spaces(): string[] {
    return [this.up, ...this.switches.map(({ namespace }) => namespace), ...this.pis.map(({ namespace }) => namespace)];
  }

  private removeAll(): void {
    for (const child of [...this.hands, ...this.daemons.running]) child.kill('SIGKILL');
    removeSpaces(this.spaces());
    rmSync(this.directory, { recursive: true, force: true });
  }
}

function switchOf(rack: string, directory: string, uplink: number, ports: number): RackSwitch {
  const name = `leaf${uplink}`;
  const file = (last: string): string => join(directory, `${name}.${last}`);
  const pis = Array.from({ length: ports }, (_, index): Pi => {
    const number = index + 1;
    const hex = number.toString(16).padStart(2, '0');
    return {
      serverId: `pi-${uplink}-${number}`,
      switch: name,
      port: `${name}:Ethernet${number}`,
      vlanInterface: `vlan${uplink * 100 + number}`,
      vlan: uplink * 100 + number,
      namespace: `${rack}-p${uplink}-${number}`,
      mac: `52:54:00:a${uplink}:00:${hex}` as MacAddress,
      prefix: `2001:db8:a${uplink}${hex}::/48` as Ipv6Prefix,
    };
  });
  const bird = {
    socket: file('ctl'),
    confFile: file('conf'),
    include6: file('billing6.conf'),
    include4: file('billing4.conf'),
    protocol6: 'billing6',
    protocol4: 'billing4',
  };
  const netboot = `10.64.${(uplink - 1) * 64}.0/18` as Ipv4Prefix;
  return { name, namespace: `${rack}-sw${uplink}`, uplink, bird, pis, netboot };
}

/** Both ends know each other by permanent entries: nobody asks. */
function uplinkCommands(here: 'sw' | 'up', uplink: number): string[] {
  const [own, other] = here === 'sw' ? [1, 2] : [2, 1];
  const mac = uplinkMac(here === 'sw' ? 'up' : 'sw', uplink);
  const name = `up${uplink}`;
  return [
    `link set ${name} up`,
    `addr add 10.255.${uplink}.${own}/24 dev ${name}`,
    `addr add 2001:db8:ff:${uplink}::${own}/64 dev ${name} nodad`,
    `neigh replace 10.255.${uplink}.${other} lladdr ${mac} dev ${name} nud permanent`,
    `neigh replace 2001:db8:ff:${uplink}::${other} lladdr ${mac} dev ${name} nud permanent`,
  ];
}
