import type { DeviceStamp } from '../switch/switch.port.js';
import { stampOf } from '../stamp.js';
import type { BootLoader, DhcpHost4, DhcpHost6 } from './dhcp.port.js';
import { isPlainInterface } from './host-faults.js';
import { type Json, type JsonObject, listOf, objectOf, saysAll } from './json.js';
import { bootClasses4, bootClasses6, isBootClass } from './kea-boot.js';
import { class6Of, host4In, host6In, listen4, network6Of, ownKey, subnet4Of } from './kea-hosts.js';

/** How one family stands in Kea's configuration. Everything that is not named here is the operator's and stays as it is. */
interface Family<Host> {
  /** Under which key of the configuration our places are, among those of others. */
  readonly placesKey: 'subnet4' | 'shared-networks';
  place(host: Host): JsonObject;
  hostIn(place: JsonObject): Host | undefined;
  /** Of one host; none where it needs none. */
  classesOf(host: Host): JsonObject[];
  bootClasses(loaders: readonly BootLoader[]): JsonObject[];
  /** What `interfaces-config` lists. */
  listed(host: Host): string;
  /** By what machines are known; undefined where it is as it has to be. */
  identifiers(config: JsonObject): readonly Json[] | undefined;
}

const family4: Family<DhcpHost4> = {
  placesKey: 'subnet4',
  place: subnet4Of,
  hostIn: host4In,
  classesOf: () => [],
  bootClasses: bootClasses4,
  listed: listen4,
  identifiers: (config) => {
    const known = listOf(config['host-reservation-identifiers']);
    return known.includes('hw-address') ? undefined : ['hw-address', ...known];
  },
};

const family6: Family<DhcpHost6> = {
  placesKey: 'shared-networks',
  place: network6Of,
  hostIn: host6In,
  classesOf: (host) => [class6Of(host)],
  bootClasses: bootClasses6,
  listed: (host) => host.interface,
  identifiers: () => undefined,
};

/** What one daemon's configuration says of ours. */
export interface KeaHeld<Host> {
  readonly hosts: ReadonlyMap<string, Host>;
  readonly altered: ReadonlySet<string>;
  readonly settings: 'intact' | 'changed';
  readonly stamp: DeviceStamp | undefined;
}

/** Reads and writes what is ours in the configuration of one daemon. */
export class KeaConfig<Host extends { readonly interface: string }> {
  private constructor(
    private readonly family: Family<Host>,
    private readonly interfaces: ReadonlySet<string>,
    private readonly loaders: readonly BootLoader[],
  ) {
    family.bootClasses(loaders); // what cannot be rendered is told at the start
  }

  static of4(interfaces: ReadonlySet<string>, loaders: readonly BootLoader[]): KeaConfig<DhcpHost4> {
    return new KeaConfig(family4, interfaces, loaders);
  }

  static of6(interfaces: ReadonlySet<string>, loaders: readonly BootLoader[]): KeaConfig<DhcpHost6> {
    return new KeaConfig(family6, interfaces, loaders);
  }

  /** The configuration with exactly these hosts. Throws a TypeError for values that are not what their types say. */
  with(config: JsonObject, hosts: readonly Host[], { logId, ordinal }: DeviceStamp): JsonObject {
    const { family } = this;
    if (stampOf(logId, ordinal) === undefined) throw new TypeError('not a stamp');
    const stranger = hosts.find(({ interface: name }) => !this.interfaces.has(name));
    if (stranger !== undefined) throw new TypeError(`${stranger.interface} is not one of its interfaces`);
    const sockets = objectOf(config['interfaces-config']);
    const foreign = listOf(sockets.interfaces).filter((one) => !this.isOwnInterface(one));
    const identifiers = family.identifiers(config);
    return {
      ...config,
      ...(identifiers === undefined ? {} : { 'host-reservation-identifiers': identifiers }),
      'interfaces-config': { ...sockets, interfaces: [...foreign, ...hosts.map((host) => family.listed(host))] },
      'client-classes': [
        ...listOf(config['client-classes']).filter((one) => !this.isOwnClass(one)),
        ...family.bootClasses(this.loaders),
        ...hosts.flatMap((host) => family.classesOf(host)),
      ],
      [family.placesKey]: [
        ...listOf(config[family.placesKey]).filter((one) => !isOwnPlace(one)),
        ...hosts.map((host) => family.place(host)),
      ],
      'user-context': { ...objectOf(config['user-context']), [ownKey]: { logId, ordinal } },
    };
  }

  /** What the configuration holds of ours. A place counts only where all of it is as we render it. */
  held(config: JsonObject): KeaHeld<Host> {
    const { family } = this;
    const hosts = new Map<string, Host>();
    const altered = new Set<string>();
    const listed = new Set(listOf(objectOf(config['interfaces-config']).interfaces));
    const classes = listOf(config['client-classes']).map(objectOf);
    const named = new Map(classes.map((one) => [one.name, one]));
    for (const place of listOf(config[family.placesKey]).filter(isOwnPlace).map(objectOf)) {
      const host = family.hostIn(place);
      const asMade =
        host !== undefined &&
        !hosts.has(host.interface) &&
        listed.has(family.listed(host)) &&
        this.isPlaceOf(host, place) &&
        family.classesOf(host).every((wanted) => saysAll(named.get(wanted.name), wanted));
      if (asMade) hosts.set(host.interface, host);
      else altered.add(host?.interface ?? nameIn(place));
    }
    for (const name of altered) hosts.delete(name);
    const boot = family.bootClasses(this.loaders);
    const ownBoot = classes.filter(({ name }) => isBootClass(name));
    const intact = saysAll(ownBoot, boot) && family.identifiers(config) === undefined;
    const said = objectOf(objectOf(config['user-context'])[ownKey]);
    return { hosts, altered, settings: intact ? 'intact' : 'changed', stamp: stampOf(said.logId, said.ordinal) };
  }

  private isPlaceOf(host: Host, place: JsonObject): boolean {
    try {
      return saysAll(place, this.family.place(host));
    } catch (error) {
      if (error instanceof TypeError) return false;
      throw error;
    }
  }

  private isOwnInterface(listed: Json): boolean {
    return typeof listed === 'string' && this.interfaces.has(listed.split('/')[0] ?? '');
  }

  private isOwnClass(one: Json): boolean {
    const { name } = objectOf(one);
    return isBootClass(name) || (typeof name === 'string' && name.startsWith(`${ownKey}-`));
  }
}

/** Of a place that somebody changed: it comes to stand in the journal. */
function nameIn({ interface: name }: JsonObject): string {
  return typeof name === 'string' && isPlainInterface(name) ? name : 'unnamed';
}

function isOwnPlace(place: Json): boolean {
  return objectOf(place)['user-context'] !== undefined && ownKey in objectOf(objectOf(place)['user-context']);
}
