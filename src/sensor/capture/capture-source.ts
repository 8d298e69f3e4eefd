import type { Attribution, PortId, SwitchName, Vlan } from '../../../events/index.js';

/** The interface that frames are heard at. */
export interface CapturePlace {
  /** The network namespace the interface is in; the engine's own when absent. */
  readonly netns?: string;
  /** The kernel's name of the interface: `vlan16`. */
  readonly interface: string;
  /** Seen from the interface: what comes in where absent, or what this box itself sends. */
  readonly direction?: 'in' | 'out';
  readonly directory?: undefined;
}

/** A directory that another program writes rotating captures into (`tcpdump -G`, `-C`). */
export interface CaptureDirectory {
  readonly directory: string;
  readonly interface?: undefined;
}

/** Whom frames heard at a source belong to. */
export interface AttributedSource {
  /** The sensor's name, as violations carry it. */
  readonly name: string;
  readonly site: string;
  readonly switch: SwitchName;
  /** The port behind the interface; only with attribution `interface`. */
  readonly port?: PortId;
  /** The VLAN of untagged frames; untagged frames of a trunk belong to nobody where absent. */
  readonly vlan?: Vlan;
  /**
   * `interface`: one interface carries one server's port, and whatever comes in there came from that port.
   * `vlan`: a trunk or a mirror port; the outer tag, put there by the switch, names the port through the map.
   * `mac-table`, `unknown`: many ports at once; a port is never stated as fact.
   */
  readonly attribution: Attribution;
}

/** Where frames are heard, and whom a frame heard there belongs to. */
export type CaptureSource = AttributedSource & (CapturePlace | CaptureDirectory);
