import type { GuardMode } from '../drivers/guard/guard.port.js';

/** An operator's word on how to guard, and whose it was. */
export interface ModeOrder {
  readonly mode: GuardMode;
  /** The token it was given with. */
  readonly by: string;
  /** RFC 3339. */
  readonly at: string;
}

/** What operators said of one device; kept so that it outlives a restart. */
export interface ModeOrders {
  readonly device?: ModeOrder;
  readonly ports: Readonly<Record<string, ModeOrder>>;
}

/** What the configuration says of one device. */
export interface ConfiguredModes {
  readonly mode: GuardMode;
  readonly ports: Readonly<Record<string, GuardMode>>;
}

/** The mode of an interface and who wants it so. */
export interface ModeOfPort {
  readonly mode: GuardMode;
  /** Such as `configuration of the device`, `token k7m2p9qa for this port`. */
  readonly from: string;
}

/** How each port is guarded: what is said of a port goes before what is said of its device, an operator before the configuration. */
export class GuardModes {
  private orders: ModeOrders = { ports: {} };

  /**
   * @param portsOf the ports that stand on an interface
   * @param keep stores what operators said, durably
   */
  constructor(
    private readonly configured: ConfiguredModes,
    private readonly portsOf: (interfaceName: string) => readonly string[],
    private readonly keep: (orders: ModeOrders) => Promise<void>,
  ) {}

  /** What was kept; for a start. */
  restore(orders: ModeOrders | undefined): void {
    this.orders = orders ?? { ports: {} };
  }

  get said(): ModeOrders {
    return this.orders;
  }

  /** Where several ports share an interface, one that only counts is enough to drop nothing. */
  modeOf(interfaceName: string): ModeOfPort {
    const all = this.portsOf(interfaceName).map((port) => this.modeOfPort(port));
    return all.find(({ mode }) => mode === 'count') ?? all[0] ?? this.modeOfPort('');
  }

  /** Takes an operator's word, or with `configured` takes it back. `port` undefined means the whole device. */
  async order(mode: GuardMode | 'configured', port: string | undefined, by: string, at: string): Promise<void> {
    const ports = Object.fromEntries(Object.entries(this.orders.ports).filter(([name]) => name !== port));
    const order = mode === 'configured' ? undefined : { mode, by, at };
    const device = port === undefined ? order : this.orders.device;
    const next: ModeOrders = {
      ...(device === undefined ? {} : { device }),
      ports: port === undefined || order === undefined ? ports : { ...ports, [port]: order },
    };
    await this.keep(next);
    this.orders = next;
  }

  private modeOfPort(port: string): ModeOfPort {
    const { device, ports } = this.orders;
    const [ofPort, configured] = [ports[port], this.configured.ports[port]];
    if (ofPort !== undefined) return { mode: ofPort.mode, from: `token ${ofPort.by} for this port` };
    if (configured !== undefined) return { mode: configured, from: 'configuration of this port' };
    if (device !== undefined) return { mode: device.mode, from: `token ${device.by} for the device` };
    return { mode: this.configured.mode, from: 'configuration of the device' };
  }
}
