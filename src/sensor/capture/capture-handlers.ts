import type { CaptureFailure } from './tcpdump-failure.js';

export type CaptureState =
  | { readonly state: 'running' }
  | ({ readonly state: 'failed'; readonly retryInMs: number } & CaptureFailure)
  | { readonly state: 'stopped' };

/** Who listens to a capture source: gets its bytes as they come, and does the reading (FrameStream), perhaps elsewhere. */
export interface PieceHandlers {
  /** A capture begins: the next piece starts with its header. What is unfinished of the one before stays so. */
  readonly onBegin?: (capture: string) => void;
  /**
   * The next bytes, owned by the listener from now on. A CaptureError thrown here says that they cannot be read further:
   * the source gives this capture up and begins the next.
   */
  readonly onPiece: (piece: Uint8Array) => void;
  readonly onState: (state: CaptureState) => void;
}

/** A place where bytes of captures come from. */
export interface PieceSource {
  /** What the kernel counted for it; undefined where nobody counts. */
  readonly counts: CaptureCounts | undefined;
  /** When bytes of frames came last, ms since 1970 by this machine's clock. */
  readonly lastHeardAt: number | undefined;
  start(): void;
  /** Resolves when it has ended; bytes that were already there are still delivered. */
  stop(): Promise<void>;
  /** Holds the bytes back where they come from, so that a listener that is behind stays small: the kernel drops, and counts. */
  pause(): void;
  resume(): void;
  /** Gives the capture of now up because its bytes make no sense to whoever reads them elsewhere. */
  restart(why: string): void;
}

/** Packets since `start`, over all runs of tcpdump. */
export interface CaptureCounts {
  readonly runs: number;
  /** Written by tcpdump, so that somebody can read them: what goes out, or is held by the kernel still, is not in it. */
  readonly captured: number;
  readonly receivedByFilter: number;
  readonly droppedByKernel: number;
}
