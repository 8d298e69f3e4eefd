import { printable, shortInstant } from '../cli/text-table.js';
import type { HowSure, Pushed, Stretch } from './how-sure.js';

/** A line each: whether it was heard where it was sold, and whether it was really on a device; times in UTC. */
export function renderSure(sure: HowSure | undefined): string[] {
  if (sure === undefined) return [];
  const { seen, pushed } = sure;
  const heard =
    seen === undefined
      ? 'no sensor heard it there'
      : `first ${shortInstant(seen.first)}, last ${shortInstant(seen.last)}`;
  const lines = pushed.length === 0 ? [absence(sure)] : pushed.map(device);
  return [`    seen  ${heard}`, ...lines.map((text) => `    pushed  ${printable(text)}`)];
}

function absence({ notPushed, silentSince }: HowSure): string {
  if (notPushed === 'never') return 'never: devices were read back, and none got it';
  return silentSince === undefined
    ? 'unknown: no device was ever read back'
    : `unknown: the devices are silent since ${shortInstant(silentSince)}`;
}

function device({ device: name, neighbour, route, lastReconcile }: Pushed): string {
  const parts = [part('neighbour entry', neighbour), part('route', route)].join('; ');
  return `${name}: ${parts}; last read back ${shortInstant(lastReconcile)}`;
}

function part(what: string, stretches: readonly Stretch[]): string {
  if (stretches.length === 0) return `no ${what}`;
  const spans = stretches.map(({ since, until, lost }) => {
    if (until === undefined) return `since ${shortInstant(since)}`;
    return `${shortInstant(since)} to ${shortInstant(until)}${lost === true ? ' (the device had lost it)' : ''}`;
  });
  return `${what} ${spans.join(', ')}`;
}
