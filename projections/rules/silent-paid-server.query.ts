import type { PortId, ServerId, Severity } from '../../events/index.js';
import type { AssignmentRow } from '../assignments.projection.js';
import type { Binding } from '../binding.js';
import type { NetworkMap } from '../network-map.js';
import type { RuleText } from './rule.js';
import { silentServerMs } from './thresholds.js';

/**
 * What is known of the traffic of one server's port. Neighbour discovery alone proves nothing: with static entries a
 * busy server may send none for hours. So somebody must read the port's counters or the switch's MAC table.
 */
export interface PortActivity {
  /** Since when counters or MAC tables of the port are read without a gap, ms since 1970; absent where nobody does. */
  readonly readSince?: number;
  /** When a counter grew, a MAC table showed the bound MAC, or a frame of it was captured last, ms since 1970. */
  readonly lastHeard?: number;
}

/** A server that is paid for and was not heard for too long. */
export interface SilentServer {
  readonly serverId: ServerId;
  readonly port: PortId;
  /** Absent when it was not heard since its port is read. */
  readonly lastHeard?: number;
  readonly link: Binding['link'];
  /** One sentence for a person. */
  readonly detail: string;
}

/** A rule of absence: no frame shows it, so it is a question asked now and then. */
export const silentPaidServer: {
  readonly name: string;
  readonly version: number;
  readonly severity: Severity;
  readonly text: RuleText;
} = {
  name: 'silent-paid-server',
  version: 1,
  severity: 'low',
  text: {
    summary:
      'A server that is paid for was not heard for a day, by the counters of its port or the MAC table of its switch.',
    example:
      'The input counter of `leaf1:Ethernet16` stands still since yesterday, and no MAC table showed `52:54:00:00:00:16`.',
    normalTraffic: [
      'a busy server that sends no ARP and no neighbour discovery: counters and MAC tables show it',
      'a server sold, moved, resumed or given a new card less than a day ago',
      'a suspended server, and one that waits for its MAC or VLAN',
      'a port that nobody reads, or not yet for a day: nothing is known of it',
    ],
    whatToDo:
      'Ask the customer: the server is off, unplugged (the link says so), plugged in elsewhere (mac-moved), or its port has the wrong VLAN.',
  },
};

/**
 * Asks of each server whether it is paid for and was silent for `silentServerMs` at `now`, by server id: `unread` where it
 * is paid for and nobody reads its port, undefined where there is nothing to tell, so that who takes them in slices knows
 * how far it came.
 * @param activityOf what is known of a port's traffic; undefined where nothing is
 */
export function* askForSilence(
  map: NetworkMap,
  activityOf: (paid: Binding & { readonly port: PortId }) => PortActivity | undefined,
  now: number,
): Generator<SilentServer | 'unread' | undefined> {
  for (const binding of map.bindings()) {
    const { serverId, state, port, link } = binding;
    const row = map.assignments.get(serverId);
    if (state !== 'active' || port === undefined || row === undefined) {
      yield undefined;
      continue;
    }
    const { readSince, lastHeard } = activityOf({ ...binding, port }) ?? {};
    if (readSince === undefined) {
      yield 'unread';
      continue;
    }
    const from = Math.max(readSince, lastHeard ?? readSince, boundSince(row));
    const hours = Math.floor((now - from) / 3_600_000);
    const detail = `${serverId} on ${port} was not heard for ${hours} h; its link is ${link}`;
    const heard = lastHeard === undefined ? {} : { lastHeard };
    yield now - from < silentServerMs ? undefined : { serverId, port, ...heard, link, detail };
  }
}

/** The paid servers that were silent for `silentServerMs` at `now`, by server id. */
export function silentPaidServers(...asked: Parameters<typeof askForSilence>): SilentServer[] {
  return [...askForSilence(...asked)].filter((one) => typeof one === 'object');
}

/** When billing last said something that makes the server start anew: sold, moved, another card, resumed. */
function boundSince({ added, port, vlan, mac, suspended }: AssignmentRow): number {
  return Math.max(...[added, port, vlan, mac, suspended].map((fact) => fact?.time ?? 0));
}
