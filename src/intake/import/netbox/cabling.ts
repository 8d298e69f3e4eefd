import type { NetboxDump, NetboxObject } from './netbox-dump.js';

/** Patch panels in a row that a cable is followed through; a loop ends there. */
const mostPanels = 16;

/** Where cables lead, from interface to interface, through the patch panels between. */
export class Cabling {
  private readonly ends = new Map<unknown, NetboxObject[]>();
  private readonly frontPorts = new Map<string, NetboxObject>();

  constructor(private readonly dump: NetboxDump) {
    for (const one of dump.all('dcim.cabletermination')) {
      const cable = one.fields['cable'];
      this.ends.set(cable, [...(this.ends.get(cable) ?? []), one]);
    }
    for (const one of dump.all('dcim.frontport'))
      this.frontPorts.set(`${String(one.fields['rear_port'])}/${String(one.fields['rear_port_position'])}`, one);
  }

  /** The interface at the other end; undefined where no cable leads to one, or to more than one. */
  peerOf(netInterface: NetboxObject): NetboxObject | undefined {
    const positions: unknown[] = [];
    let here: NetboxObject | undefined = this.across(netInterface);
    for (let panels = 0; here !== undefined && panels < mostPanels; panels++) {
      if (here.model === 'dcim.interface') return here;
      const through: NetboxObject | undefined = this.through(here, positions);
      here = through && this.across(through);
    }
    return undefined;
  }

  /** The one thing at the other end of the cable. */
  private across({ model, pk, fields }: NetboxObject): NetboxObject | undefined {
    const { cable, cable_end: end } = fields;
    if (typeof cable !== 'number') return undefined;
    const others = (this.ends.get(cable) ?? []).filter((one) => one.fields['cable_end'] !== end);
    const [other, ...more] = others;
    if (other === undefined || more.length > 0) return undefined;
    const found = this.dump.get(modelOf(other.fields['termination_type']), other.fields['termination_id']);
    return found?.model === model && found.pk === pk ? undefined : found;
  }

  /** The other side of a patch panel. */
  private through({ model, pk, fields }: NetboxObject, positions: unknown[]): NetboxObject | undefined {
    if (model === 'dcim.frontport') {
      positions.push(fields['rear_port_position']);
      return this.dump.get('dcim.rearport', fields['rear_port']);
    }
    if (model === 'dcim.rearport') {
      const position = positions.pop() ?? 1;
      return typeof position === 'number' ? this.frontPorts.get(`${pk}/${position}`) : undefined;
    }
    return undefined;
  }
}

/** `["dcim", "interface"]` as a model's name. */
export function modelOf(type: unknown): string {
  return Array.isArray(type) ? type.join('.') : '';
}
