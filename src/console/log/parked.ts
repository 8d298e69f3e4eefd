interface NamedEvent {
  readonly id: string;
  readonly ordinal: number;
  readonly type: string;
  readonly recordedAt: string;
}

/** An event that cannot be read, and what waits behind it in its stream. */
export interface Parked {
  readonly stream: string;
  readonly parked: NamedEvent;
  readonly reason: string;
  readonly held: number;
}
