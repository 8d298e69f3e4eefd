import { anyPrefixContains, parseInstant } from '../events/index.js';
import type { ExceptionGranted } from '../events/index.js';
import { type ExceptionRow, longestExceptionMs } from './exceptions.projection.js';
import type { Observation } from './observation.js';
import { serversHere } from './rules/attribution.js';
import type { Grants } from './rules/rule.js';
import { isLater } from './register.js';

/** What an operator excuses: a rule, a scope of which every given field must fit, and until when. */
export interface ExceptionGrants extends Pick<
  ExceptionGranted,
  'exceptionId' | 'rule' | 'port' | 'mac' | 'prefix' | 'serverId'
> {
  /** Frames captured from this instant on, and before the other one, ms since 1970; nothing where `until` is not later. */
  readonly from: number;
  readonly until: number;
}

/** What one exception excuses; undefined for one that was never granted. */
export function exceptionGrants({ granted, ended }: ExceptionRow): ExceptionGrants | undefined {
  if (granted === undefined) return undefined;
  const { exceptionId, rule, port, mac, prefix, serverId, expires } = granted.value;
  const longest = granted.time + longestExceptionMs;
  const end = ended !== undefined && isLater(ended, granted) ? ended.time : longest;
  return {
    exceptionId,
    rule,
    ...(port !== undefined && { port }),
    ...(mac !== undefined && { mac }),
    ...(prefix !== undefined && { prefix }),
    ...(serverId !== undefined && { serverId }),
    from: granted.time,
    until: Math.min(parseInstant(expires) ?? longest, longest, end),
  };
}

/** The exceptions of all rules, asked for one finding at a time. There are few. */
export class Exceptions {
  private readonly byId = new Map<string, ExceptionGrants>();

  put(exception: ExceptionGrants): void {
    if (exception.until <= exception.from) this.byId.delete(exception.exceptionId);
    else this.byId.set(exception.exceptionId, exception);
  }

  /** What is kept of an exception; undefined where nothing is. */
  get(exceptionId: string): ExceptionGrants | undefined {
    return this.byId.get(exceptionId);
  }

  /** The id of an exception that excuses a finding of this rule; of several the first by id. */
  fitting(rule: string, observation: Observation, grants: Grants): string | undefined {
    if (this.byId.size === 0) return undefined;
    const fitting = [...this.byId.values()].filter((one) => one.rule === rule && fits(one, observation, grants));
    return fitting.map((one) => one.exceptionId).sort()[0];
  }
}

function fits(
  { port, mac, prefix, serverId, from, until }: ExceptionGrants,
  observation: Observation,
  grants: Grants,
): boolean {
  const { claimedAddress, claimedMac, etherSource, frameTime } = observation;
  if (frameTime < from || frameTime >= until) return false;
  if (port === undefined && mac === undefined && prefix === undefined && serverId === undefined) return false;
  return (
    (port === undefined || observation.port === port) &&
    (mac === undefined || mac === etherSource || mac === claimedMac) &&
    (prefix === undefined || (claimedAddress !== undefined && anyPrefixContains(prefix, claimedAddress))) &&
    (serverId === undefined || isAbout(serverId, observation, grants))
  );
}

/** True for a frame from the port or VLAN of the server, or from its MAC. */
function isAbout(serverId: string, observation: Observation, grants: Grants): boolean {
  const here = serversHere(observation, grants);
  const servers = here.length > 0 ? here : grants.ownersOfMac(observation.etherSource);
  return servers.some((one) => one.serverId === serverId);
}
