/** What a device holds of a server, as it was read back last. */
export interface DeviceWord {
  readonly device: string;
  readonly switch: string;
  /** `observe` writes nothing: what is missing there stays missing. */
  readonly mode: string;
  /** Ordinal of the last event it was compared with; absent before the first look. */
  readonly lookedAt?: number;
  /** The server's entries that are on it, permanent ones, in our notation. */
  readonly entries: readonly string[];
  /** Entries and routes that should be on it and are not. */
  readonly missing: readonly string[];
  /** True where nothing is left to be done for the server. */
  readonly confirmed: boolean;
}

/** What a source guard does at a port. */
export interface GuardWord {
  readonly device: string;
  readonly port: string;
  readonly effect: 'drops' | 'counts' | 'none';
  /** Frames it dropped, or would have, since its table was made. */
  readonly frames: number;
}

/** How well a sensor hears. */
export interface SensorWord {
  readonly state: string;
  readonly reason?: string;
  /** RFC 3339, of the newest frame it heard. */
  readonly lastFrame?: string;
  readonly behindMs?: number;
  /** Frames lost before they could be read; absent where nobody counts. */
  readonly kernelDrops?: number;
}

/** What other rooms saw, which the feed only tells: who wires the engine lets it ask them. */
export interface Witnesses {
  /** The devices of these switches, and what each holds of the server. */
  devicesWith(serverId: string, switches: ReadonlySet<string>): readonly DeviceWord[];
  guardsAt(port: string): readonly GuardWord[];
  /** Undefined for a sensor that this engine does not know any more. */
  sensor(name: string): SensorWord | undefined;
}

export const WITNESSES = Symbol('WITNESSES');
