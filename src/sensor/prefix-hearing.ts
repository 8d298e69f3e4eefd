import { type Ipv6Prefix, type PortId, switchOf, type Vlan } from '../../events/index.js';
import type { PrefixCount } from './judge/prefix-use.js';
import type { SensorState } from './listening.js';
import type { SensorService } from './sensor.service.js';

/** Who hears neighbour discovery with addresses of prefixes that somebody wants to know of, and how often that was. */
export class PrefixHearing {
  constructor(private readonly sensors: Pick<SensorService, 'states' | 'prefixUse' | 'watchPrefixes'>) {}

  /** From now on these are counted, and no others. */
  watch(prefixes: readonly Ipv6Prefix[]): void {
    this.sensors.watchPrefixes(prefixes);
  }

  /** Undefined until the judge has said that it counts this one. */
  heard(prefix: Ipv6Prefix): PrefixCount | undefined {
    return this.sensors.prefixUse.of(prefix);
  }

  /**
   * Who of this engine's sensors would hear a frame at this place, in a text that stays the same for as long as they hear
   * without a gap: no capture began anew, no frame was dropped, no judge ended. Undefined while none would. Sensors on
   * other machines tell verdicts only, and count nothing.
   */
  earsAt(port: PortId, vlan: Vlan): string | undefined {
    const ears = this.sensors.states().sensors.filter((sensor) => hears(sensor, port, vlan));
    if (ears.length === 0) return undefined;
    const each = ears.map(({ name, dropped = 0, counts }) => `${name} ${counts?.runs ?? 0} ${dropped}`);
    return [`${port} ${vlan} ${this.sensors.prefixUse.gaps}`, ...each].join(', ');
  }
}

function hears({ source, capture, deaf }: SensorState, port: PortId, vlan: Vlan): boolean {
  if (capture.state !== 'running' || deaf !== undefined) return false;
  if (source.interface !== undefined && source.direction === 'out') return false;
  if (source.switch !== switchOf(port)) return false;
  if (source.attribution !== 'interface') return true;
  return source.port === port && (source.vlan === undefined || source.vlan === vlan);
}
