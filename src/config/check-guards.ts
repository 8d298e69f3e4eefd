import type { AppConfig, DeviceConfig } from './app-config.js';
import { devicePlaces, journalNames, notOnThisBox } from './check-parts.js';
import { didYouMean } from './nearest.js';
import { type ShapeProblem, showValue } from './shape.js';

/** What no single value of a guard shows: a device that cannot have one, ports it does not have, a journal of the same name. */
export function guardProblems(config: AppConfig): ShapeProblem[] {
  const places = devicePlaces(config);
  return [
    ...places.flatMap(({ device, pointer }) => ofDevice(device, `${pointer}/guard`)),
    ...journalNames(places, 'guard', 'no guard'),
  ];
}

function ofDevice(device: DeviceConfig, pointer: string): ShapeProblem[] {
  const { guard, ports } = device;
  if (guard === undefined) return [];
  const known = Object.keys(ports);
  const strangers = Object.keys(guard.ports).filter((port) => !known.includes(port));
  const namedPort = (port: string): string => `a port named under this device's ports.${didYouMean(port, known)}`;
  return [
    ...notOnThisBox(device, 'guard', 'a guard', pointer),
    ...strangers.map((port) => ({ pointer: `${pointer}/ports`, found: showValue(port), expected: namedPort(port) })),
  ];
}
