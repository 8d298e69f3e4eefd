import type { DecodedFrame } from '../capture/decoded-frame.js';
import { type FramesCarried, framesCarried } from './frames-carried.js';
import { listenForFrames } from '../capture/frame-listener.js';
import type { PieceSource } from '../capture/capture-handlers.js';

/** One question that the gateway sent at a port. */
export interface Question {
  readonly kind: 'arp-request' | 'neighbour-solicitation';
  /** The address it asked for. */
  readonly target: string;
  /** The address it asked from; `::` is duplicate address detection of an address of its own. */
  readonly source: string;
}

/** What was heard of a gateway at one interface. */
export interface Silence {
  readonly seconds: number;
  readonly arpRequests: number;
  readonly neighbourSolicitations: number;
  /** The first of them. */
  readonly questions: readonly Question[];
  /** Frames that went through meanwhile, either way; undefined where the kernel's counters could not be read. */
  readonly carried: FramesCarried | undefined;
  /** Frames that the capture lost: with any, silence is not proved. */
  readonly lost: number;
}

const mostQuestions = 20;

/** A capture that did not work; the message says what happened and the cure. */
export class SilenceError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SilenceError';
  }
}

/** Listens to what the box itself sends on an interface for so many seconds. Sends nothing. Rejects with a SilenceError. */
export async function hearSilence(
  place: { readonly netns?: string; readonly interface: string },
  seconds: number,
  onListening: () => void = () => {},
): Promise<Silence> {
  const questions: Question[] = [];
  const count = { 'arp-request': 0, 'neighbour-solicitation': 0 };
  const before = await framesCarried(place);
  let reader: PieceSource | undefined;
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      reader = listenForFrames(
        { ...place, direction: 'out' as const },
        {
          onFrame: (frame) => {
            const asked = questionOf(frame);
            if (asked === undefined) return;
            count[asked.kind]++;
            if (questions.length < mostQuestions) questions.push(asked);
          },
          onState: (state) => {
            if (state.state === 'failed') reject(new SilenceError(`${state.reason}; cure: ${state.cure}`));
            if (state.state !== 'running') return;
            timer ??= setTimeout(resolve, seconds * 1000);
            onListening();
          },
        },
      );
      reader.start();
    });
  } finally {
    clearTimeout(timer);
    await reader?.stop();
  }
  const after = await framesCarried(place);
  const carried =
    before === undefined || after === undefined ? undefined : { in: after.in - before.in, out: after.out - before.out };
  return {
    seconds,
    arpRequests: count['arp-request'],
    neighbourSolicitations: count['neighbour-solicitation'],
    questions,
    carried,
    lost: reader?.counts?.droppedByKernel ?? 0,
  };
}

function questionOf({ kind, opcode, senderIp, targetIp }: DecodedFrame): Question | undefined {
  const [source, target] = [senderIp ?? 'unknown', targetIp ?? 'unknown'];
  if (kind === 'neighbour-solicitation') return { kind, source, target };
  return opcode === 1 ? { kind: 'arp-request', source, target } : undefined;
}
