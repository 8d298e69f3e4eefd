import { setImmediate as breathe } from 'node:timers/promises';
import { formatInstant, switchOf } from '../../../events/index.js';
import { askForSilence, silentPaidServer, thresholds } from '../../../projections/index.js';
import { activityAt, type ActivitySources } from './port-activity.js';

/** A paid server that was not heard although its link is up. */
export interface SilentServerView {
  readonly serverId: string;
  readonly port: string;
  /** RFC 3339; absent where it was not heard since its port is read. */
  readonly lastHeard?: string;
  readonly detail: string;
}

/** Paid servers that were not heard for too long, and how much of what is sold that was asked of. */
export interface SilentServersAnswer {
  readonly rule: string;
  readonly ruleVersion: number;
  readonly silentHours: number;
  readonly servers: readonly SilentServerView[];
  /** Silent as well, and their link is not known to be up: that says enough. */
  readonly linkNotUp: number;
  /** Paid servers whose switch has no MAC tables read: nothing is known of them. */
  readonly notJudged: number;
}

const slice = 2_000;

/** Asks for the silent servers at `now`, ms since 1970, of all switches or one. Takes the map in slices: other work goes on meanwhile. */
export async function silentServers(
  sources: ActivitySources,
  now: number,
  switchName?: string,
): Promise<SilentServersAnswer> {
  const servers: SilentServerView[] = [];
  let [looked, linkNotUp, notJudged] = [0, 0, 0];
  const activityOf = activityAt(sources, now);
  const elsewhere = { readSince: now };
  const asked = askForSilence(
    sources.map,
    (paid) => (switchName === undefined || switchOf(paid.port) === switchName ? activityOf(paid) : elsewhere),
    now,
  );
  for (const one of asked) {
    if (++looked % slice === 0) await breathe();
    if (one === undefined) continue;
    if (one === 'unread') notJudged++;
    else if (one.link !== 'up') linkNotUp++;
    else {
      const { serverId, port, lastHeard, detail } = one;
      servers.push({ serverId, port, ...(lastHeard !== undefined && { lastHeard: formatInstant(lastHeard) }), detail });
    }
  }
  const { name: rule, version: ruleVersion } = silentPaidServer;
  const silentHours = thresholds.silentServerMs / 3_600_000;
  return { rule, ruleVersion, silentHours, servers, linkNotUp, notJudged };
}
