/** An open violation that is attributed to a port. */
export interface PortViolation {
  readonly port: string;
  readonly violationId: string;
  readonly rule: string;
  readonly severity: string;
}

/** What other rooms saw at the ports, which the switches only show: who wires the engine lets this room ask them. */
export interface PortWitnesses {
  /** False while the violations of the log are not all known yet. */
  readonly live: boolean;
  /** Every violation of the switch that is open and has a port. */
  openViolationsOn(switchName: string): readonly PortViolation[];
  /** Of each port that a sensor listens at, how well it does: `watched`, `link-down`, or why not. */
  listeners(): ReadonlyMap<string, string>;
}

export const PORT_WITNESSES = Symbol('PORT_WITNESSES');
