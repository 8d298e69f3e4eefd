/** What a node can do wrong, for as long as it is switched on. */
export const faultNames = [
  /** Subscriptions end without an error, those that run and every new one. */
  'clean end',
  /** Every call, running or new, ends with that status. */
  'UNAVAILABLE',
  'CANCELLED',
  /** Accepts everything and answers nothing. What was called meanwhile stays silent, also after the fault. */
  'silent',
  /** Subscriptions and reads give 20 events a second. */
  'slow',
  /** Appends are refused with the leader's address, and what runs ends so. */
  'not leader',
  /** Appends are stored, and the connection breaks before they are answered. */
  'lost answer',
  /** Subscriptions give every event twice. */
  'duplicate delivery',
  /** Appends are refused with a current revision that is not so. */
  'wrong revision',
] as const;
export type FaultName = (typeof faultNames)[number];

export const slowEventsPerSecond = 20;

/** The switch of one node. Running calls hear of every change. */
export class Faults {
  private name: FaultName | undefined;
  private readonly listeners = new Set<(fault: FaultName | undefined) => void>();

  get now(): FaultName | undefined {
    return this.name;
  }

  on(name: FaultName): void {
    this.set(name);
  }

  off(): void {
    this.set(undefined);
  }

  onChange(listener: (fault: FaultName | undefined) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private set(name: FaultName | undefined): void {
    this.name = name;
    for (const listener of [...this.listeners]) listener(name);
  }
}
