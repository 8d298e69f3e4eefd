import type { AppConfig } from './app-config.js';
import { devicePlaces, journalNames, notOnThisBox } from './check-parts.js';
import { type ShapeProblem, showValue } from './shape.js';

/** What no single value shows: a device that can have no router advertisements, a file of two daemons, a journal of the same name. */
export function raProblems(config: AppConfig): ShapeProblem[] {
  const places = devicePlaces(config);
  const taken = new Set<string>();
  const problems = places.flatMap(({ device, pointer }) => {
    if (device.ra === undefined) return [];
    const doubled = Object.entries(device.ra).flatMap(([key, path]: [string, string]) => {
      const isTaken = taken.has(path);
      taken.add(path);
      const expected = 'a path that no other device names under ra';
      return isTaken ? [{ pointer: `${pointer}/ra/${key}`, found: showValue(path), expected }] : [];
    });
    return [...notOnThisBox(device, 'ra', 'ra', `${pointer}/ra`), ...doubled];
  });
  return [...problems, ...journalNames(places, 'ra', 'no router advertisements')];
}
