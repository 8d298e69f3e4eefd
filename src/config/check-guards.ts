import type { AppConfig, DeviceConfig } from './app-config.js';
import { didYouMean } from './nearest.js';
import { type ShapeProblem, showValue } from './shape.js';

/** What no single value of a guard shows: a device that cannot have one, ports it does not have, a journal of the same name. */
export function guardProblems(config: AppConfig): ShapeProblem[] {
  const all = config.gateways.flatMap(({ devices }, g) =>
    devices.map((device, d) => ({ device, pointer: `/gateways/${g}/devices/${d}` })),
  );
  const guarded = new Set(all.filter(({ device }) => device.guard !== undefined).map(({ device }) => device.name));
  return all.flatMap(({ device, pointer }) => [
    ...ofDevice(device, `${pointer}/guard`),
    ...(device.name.endsWith('-guard') && guarded.has(device.name.slice(0, -'-guard'.length))
      ? [
          {
            pointer: `${pointer}/name`,
            found: showValue(device.name),
            expected: 'a name that the journal of no guard has',
          },
        ]
      : []),
  ]);
}

function ofDevice({ guard, driver, ports }: DeviceConfig, pointer: string): ShapeProblem[] {
  if (guard === undefined) return [];
  const known = Object.keys(ports);
  const found =
    driver.kind !== 'linux'
      ? `a guard on a device of kind ${driver.kind}`
      : driver.host === undefined
        ? undefined
        : 'a guard on a device that is reached over SSH';
  const expected = 'no guard, or a device of kind linux on the box that the engine runs on';
  const wrongKind = found === undefined ? [] : [{ pointer, found, expected }];
  const strangers = Object.keys(guard.ports).filter((port) => !known.includes(port));
  const namedPort = (port: string): string => `a port named under this device's ports.${didYouMean(port, known)}`;
  return [
    ...wrongKind,
    ...strangers.map((port) => ({ pointer: `${pointer}/ports`, found: showValue(port), expected: namedPort(port) })),
  ];
}
