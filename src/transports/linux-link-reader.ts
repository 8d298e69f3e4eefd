import { IpCoprocess } from './ip-coprocess.js';
import { IpError } from './ip-error.js';
import { IpMonitor } from './ip-monitor.js';
import type { IpPlace } from './ip-place.js';
import { NetworkNamespace } from './network-namespace.js';

export interface LinuxLink {
  readonly adminUp: boolean;
  /** True when somebody alive is at the other end of the cable; always false while the interface is down. */
  readonly carrier: boolean;
}

/** Link state of the given interfaces of one Linux box, always read from the kernel, never counted from events. */
export interface LinuxLinkReader {
  /** Now, of all the interfaces or of those named; an interface that does not exist is absent. Rejects with an IpError. */
  read(only?: readonly string[]): Promise<Map<string, LinuxLink>>;
  /** Calls back with the name of an interface to read again; undefined means all of them. */
  watch(onHint: (interfaceName: string | undefined) => void): void;
  close(): Promise<void>;
}

/** `deadline` in ms bounds one read; `place` is where its `ip` runs where that is not this machine. */
export function createLinuxLinkReader(options: {
  readonly netns?: string;
  readonly place?: IpPlace;
  readonly interfaces: readonly string[];
  readonly deadline?: number;
}): LinuxLinkReader {
  const place = options.place ?? new NetworkNamespace(options.netns);
  const ip = new IpCoprocess(place, options.deadline);
  const wanted = new Set(options.interfaces);
  const monitors: IpMonitor[] = [];
  return {
    async read(only) {
      const commands = only === undefined ? ['link show'] : only.map((name) => `link show dev ${name}`);
      const links = new Map<string, LinuxLink>();
      for (const answer of await ip.run(commands)) {
        if (answer.error !== undefined && !isMissing(answer.error))
          throw new IpError('unreadable', `link state: ${answer.error}`);
        for (const [name, link] of linksOf(answer.json)) if (wanted.has(name)) links.set(name, link);
      }
      return links;
    },
    watch(onHint) {
      monitors.push(
        new IpMonitor(place, (hint) => {
          if (hint === undefined) onHint(undefined);
          else if (hint.about === 'link' && wanted.has(hint.interface)) onHint(hint.interface);
        }),
      );
    },
    async close() {
      for (const monitor of monitors) monitor.close();
      await ip.close();
    },
  };
}

const isMissing = (error: string): boolean => /does not exist|Cannot find device|No such device/.test(error);

/** Reads the answer of `ip -j link show` or `ip -j addr show`: LOWER_UP is the carrier, seen at once and without operstate's delay. */
export function linksOf(json: unknown): Map<string, LinuxLink> {
  const links = new Map<string, LinuxLink>();
  for (const item of Array.isArray(json) ? (json as { ifname?: unknown; flags?: unknown }[]) : []) {
    if (typeof item.ifname !== 'string' || !Array.isArray(item.flags)) continue;
    const adminUp = item.flags.includes('UP');
    links.set(item.ifname, { adminUp, carrier: adminUp && item.flags.includes('LOWER_UP') });
  }
  return links;
}
