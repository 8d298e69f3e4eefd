import type { Ipv4Address, MacAddress } from '../../events/index.js';
import { createLab, type Lab } from '../lab/lab.js';
import type { Stage, StagePort } from './stage.js';

/** The story on real kernel tables, real BIRD and real frames, in network namespaces of its own. */
export async function openLabStage(): Promise<Stage> {
  return labStage(await createLab());
}

/** The stage on a lab that the caller keeps hands on. */
export function labStage(lab: Lab): Stage {
  return {
    kind: 'lab',
    about: 'real kernel neighbour tables, real BIRD, real frames, in network namespaces made for this run',
    directory: lab.directory,
    servers: lab.servers,
    deviceConfig: { driver: { kind: 'linux', netns: lab.sw }, bgp: { kind: 'bird', ...lab.bird } },
    netns: lab.sw,
    inProcess: undefined,
    setCarrier: (port, up) => lab.setCarrier(port, up),
    adminDown: (port) => lab.adminDown(port),
    adminUp: (port) => lab.adminUp(port),
    restoreGateway: (port) => lab.restoreGateway(port),
    replaceNic: (port, mac: MacAddress) => lab.replaceNic(port, mac),
    moveServer: (from, to) => lab.moveServer(from, to),
    entries: () => kernelEntries(lab),
    async announced() {
      return new Map([...(await lab.upstreamRoutes())].map(([destination, { med }]) => [destination, med]));
    },
    ping: (address, count) => lab.ping(address as Ipv4Address, count),
    async questionsDuring(port, work) {
      // Type 135 is the neighbour solicitation (RFC 4861); ARP operation 1 asks (RFC 826).
      const capture = await lab.capture(port, 'arp[6:2] = 1 or (icmp6 and ip6[40] = 135)', 'out');
      await work().catch(async (error: unknown) => {
        await capture.stop();
        throw error;
      });
      return (await capture.stop()).filter((line) => line.trim() !== '');
    },
    forge: (port, frames) => lab.forge(port, frames),
    close: () => lab.close(),
  };
}

async function kernelEntries(lab: Lab): Promise<Set<string>> {
  const shown = (await lab.switchKernel('neigh', 'show', 'nud', 'permanent')) as {
    dst: string;
    dev: string;
    lladdr?: string;
  }[];
  const onPorts = shown.filter(({ dev }) => lab.interfaces.includes(dev as StagePort));
  return new Set(onPorts.map(({ dst, dev, lladdr }) => `${dst} ${dev} ${lladdr ?? '?'}`));
}
