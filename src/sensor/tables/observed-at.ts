import { parsePort, type PortId, type SwitchName } from '../../../events/index.js';
import { longName, physicalPort } from './interface-names.js';

/** Whose tables or messages are read, and what is known of its ports. */
export interface ObservedAt {
  /** The sensor's name, as violations carry it. */
  readonly sensor: string;
  readonly site: string;
  readonly switch: SwitchName;
  /** Interfaces of the device in its own long spelling -> the port of the published language. Others are spelt `switch:interface`. */
  readonly ports?: ReadonlyMap<string, PortId>;
}

/** The port that an interface of the device is; undefined where no server can hang on it. */
export function portAt(at: ObservedAt, name: string | undefined, vendor: string): PortId | undefined {
  if (name === undefined) return undefined;
  const named = at.ports?.get(name) ?? at.ports?.get(longName(name, vendor));
  if (named !== undefined) return named;
  const physical = physicalPort(name, vendor);
  if (physical === undefined) return undefined;
  return at.ports?.get(physical) ?? parsePort(`${at.switch}:${physical}`);
}
