import type { AppConfig, DeviceConfig } from './app-config.js';
import { type ShapeProblem, showValue } from './shape.js';

/** A device and where it stands in the configuration. */
export interface DevicePlace {
  readonly device: DeviceConfig;
  readonly pointer: string;
}

/** Every device of the configuration. */
export function devicePlaces({ gateways }: Pick<AppConfig, 'gateways'>): DevicePlace[] {
  return gateways.flatMap(({ devices }, g) =>
    devices.map((device, d) => ({ device, pointer: `/gateways/${g}/devices/${d}` })),
  );
}

/** A part of a device that only a box can have on which the engine itself runs. @param called as `a guard` */
export function notOnThisBox({ driver }: DeviceConfig, part: string, called: string, pointer: string): ShapeProblem[] {
  const where =
    driver.kind !== 'linux'
      ? `of kind ${driver.kind}`
      : driver.host === undefined
        ? undefined
        : 'that is reached over SSH';
  if (where === undefined) return [];
  const expected = `no ${part}, or a device of kind linux on the box that the engine runs on`;
  return [{ pointer, found: `${called} on a device ${where}`, expected }];
}

/** A device that has the name of another one's journal of that part. @param of as `no guard` */
export function journalNames(
  places: readonly DevicePlace[],
  part: 'guard' | 'dhcp' | 'ra',
  of: string,
): ShapeProblem[] {
  const names = places.flatMap(({ device }) => (device[part] === undefined ? [] : [`${device.name}-${part}`]));
  const journals = new Set(names);
  return places.flatMap(({ device: { name }, pointer }) =>
    journals.has(name)
      ? [{ pointer: `${pointer}/name`, found: showValue(name), expected: `a name that the journal of ${of} has` }]
      : [],
  );
}
