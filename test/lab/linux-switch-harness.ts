import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IpAddress, MacAddress } from '../../events/index.js';
import type { NeighbourEntry, SwitchDriver } from '../../src/drivers/switch/switch.port.js';
import type { HeldEntry, Mend, Setting, SwitchHarness } from '../contracts/switch-driver.harness.js';
import { CrookedIp } from './crooked-ip.js';
import { until } from './lab.js';
import { gatewayCommands } from './lab-ports.js';
import { ipBatch, run } from './lab-process.js';
import { sweepAfterTheDead } from './lab-sweep.js';

/** Where a driver finds the device of a harness. */
export interface LinuxPlace {
  readonly netns: string;
  readonly directory: string;
  readonly ip: CrookedIp;
  readonly interfaces: readonly string[];
  readonly deadline: number;
  readonly vrf: string | undefined;
}

/** What stands between a driver and the device. */
export interface LinuxWay {
  readonly begin?: (place: LinuxPlace) => Promise<void>;
  readonly onReboot?: () => void;
  readonly finish?: () => Promise<void>;
}

interface KernelEntry {
  readonly dst: string;
  readonly dev: string;
  readonly lladdr: string;
}

const interfaces = ['vlan11', 'vlan16'] as const;
let count = 0;

/**
 * A Linux switch in a namespace of its own, with two ports whose far ends are in another one. `open` makes a driver for
 * it; `way` is what it takes to reach it.
 */
export async function linuxHarness(
  setting: Setting,
  open: (place: LinuxPlace) => SwitchDriver,
  way: LinuxWay = {},
): Promise<SwitchHarness & { readonly place: LinuxPlace }> {
  sweepAfterTheDead();
  const netns = `pllab-${process.pid}-s${++count}`;
  const far = `${netns}-far`;
  const directory = mkdtempSync(join(tmpdir(), `${netns}-`));
  const ip = new CrookedIp(directory);
  const deadline = setting.impatient ? 1_500 : 20_000;
  const place = { netns, directory, ip, interfaces, deadline, vrf: setting.toldVrf ?? setting.vrf };
  const kernel = async (...args: string[]): Promise<unknown> =>
    JSON.parse((await run('ip', ['-n', netns, '-j', ...args])) || '[]') as unknown;
  const opened: SwitchDriver[] = [];
  const make = (): SwitchDriver => {
    const driver = open(place);
    opened.push(driver);
    return driver;
  };
  const byHand = (line: string): Promise<void> => ipBatch(netns, [line]);
  const mend = (): Promise<void> => Promise.resolve(ip.mend());
  const trouble = (begin: () => void) => (): Promise<Mend> => {
    begin();
    return Promise.resolve(mend);
  };
  await build(netns, far);
  await way.begin?.(place);
  return {
    place,
    driver: make(),
    deadline,
    interfaces,
    async inspect(): Promise<HeldEntry[]> {
      const entries = (await kernel('neigh', 'show', 'nud', 'permanent')) as KernelEntry[];
      return entries
        .filter(({ dev }) => interfaces.some((name) => name === dev))
        .map(({ dst, dev, lladdr }) => ({ interface: dev, address: dst as IpAddress, mac: lladdr as MacAddress }));
    },
    handSet: ({ address, mac, interface: on }: NeighbourEntry) =>
      byHand(`neigh replace ${address} lladdr ${mac} dev ${on} nud permanent`),
    handRemove: ({ address, interface: on }: NeighbourEntry) => byHand(`neigh del ${address} dev ${on}`),
    async setCarrier(name, up) {
      await ipBatch(far, [`link set ${name} ${up ? 'up' : 'down'}`]);
      // The kernel tells of a second change within a second late; the checks are about the driver, not about that.
      await until(`${name} has ${up ? '' : 'no '}carrier`, async () => {
        const [link] = (await kernel('link', 'show', 'dev', name)) as { flags: string[] }[];
        return link?.flags.includes('LOWER_UP') === up;
      });
    },
    setAdmin: (name, up) => byHand(`link set ${name} ${up ? 'up' : 'down'}`),
    async reboot() {
      way.onReboot?.();
      await tearDown(netns, far);
      await build(netns, far);
    },
    hang: trouble(() => ip.hang()),
    lie: trouble(() => ip.lie()),
    dieAfter: (changes) => trouble(() => ip.dieAfter(changes))(),
    restarted: make,
    async close() {
      ip.mend();
      await Promise.all(opened.map((driver) => driver.close()));
      await way.finish?.();
      await tearDown(netns, far);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function build(netns: string, far: string): Promise<void> {
  await ipBatch(undefined, [`netns add ${netns}`, `netns add ${far}`]);
  await ipBatch(netns, [
    ...interfaces.flatMap((name) => [
      `link add ${name} type veth peer name ${name} netns ${far}`,
      `link set ${name} up`,
      ...gatewayCommands(name),
    ]),
  ]);
}

async function tearDown(netns: string, far: string): Promise<void> {
  await ipBatch(undefined, [`netns del ${netns}`, `netns del ${far}`]);
}
