import { spawnSync } from 'node:child_process';
import { searchPath } from './lab-needs.js';
import { ipBatch, run } from './lab-process.js';
import { sweepAfterTheDead } from './lab-sweep.js';

let made = 0;

/** Ports of a switch with a cable each to servers that say nothing by themselves: what is heard there, a test has sent. */
export class SensorWires {
  private constructor(
    readonly sw: string,
    readonly servers: string,
  ) {}

  /** A port N is `vlanN` in the namespace `sw`, and its server's end `ethN` in the namespace `servers`. */
  static async lay(ports: readonly number[]): Promise<SensorWires> {
    sweepAfterTheDead();
    const name = `pllab-${process.pid}-wires${++made}`;
    const wires = new SensorWires(`${name}-sw`, `${name}-srv`);
    try {
      await ipBatch(undefined, [`netns add ${wires.sw}`, `netns add ${wires.servers}`]);
      const quiet = ['all', 'default'].map((which) => `net.ipv6.conf.${which}.disable_ipv6=1`);
      for (const netns of [wires.sw, wires.servers])
        await run('ip', ['netns', 'exec', netns, 'sysctl', '-q', '-w', ...quiet]);
      await ipBatch(
        wires.sw,
        ports.flatMap((port) => [
          `link add vlan${port} type veth peer name eth${port} netns ${wires.servers}`,
          `link set vlan${port} up`,
        ]),
      );
      await ipBatch(
        wires.servers,
        ports.map((port) => `link set eth${port} up`),
      );
    } catch (error) {
      wires.remove();
      throw error;
    }
    return wires;
  }

  /** Where a server sends. */
  at(port: number): { readonly netns: string; readonly interface: string } {
    return { netns: this.servers, interface: `eth${port}` };
  }

  remove(): void {
    for (const netns of [this.sw, this.servers])
      spawnSync('ip', ['netns', 'del', netns], { env: { PATH: searchPath }, stdio: 'ignore' });
  }
}
