import type { PortId, SwitchName, Vlan } from '../../../events/index.js';

/** The interface that frames are heard at. */
export interface CapturePlace {
  /** The network namespace the interface is in; the engine's own when absent. */
  readonly netns?: string;
  /** The kernel's name of the interface: `vlan16`. */
  readonly interface: string;
  /** Seen from the interface: what comes in where absent, or what this box itself sends. */
  readonly direction?: 'in' | 'out';
}

/** Where frames are heard, and whom a frame heard there belongs to. */
export interface CaptureSource extends CapturePlace {
  /** The sensor's name, as violations carry it. */
  readonly name: string;
  readonly site: string;
  readonly switch: SwitchName;
  /** The port behind the interface. */
  readonly port: PortId;
  /** The VLAN of untagged frames. */
  readonly vlan: Vlan;
  /** One interface carries one server's port: whatever comes in there came from that port. */
  readonly attribution: 'interface';
}
