import type { CaptureCounts } from '../../src/sensor/capture/capture-handlers.js';
import type { DecodedFrame } from '../../src/sensor/capture/decoded-frame.js';
import type { JudgeOrder } from '../../src/sensor/judge/thread/judge-messages.js';
import { Listening } from '../../src/sensor/listening.js';
import type { CaptureHandlers, OpenCapture } from '../../src/sensor/sensor.service.js';
import { source66 } from './judge/sensor-rig.js';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A capture that a test speaks for, and what was asked of it and sent on. */
class SpokenFor {
  counts: CaptureCounts | undefined = { runs: 0, captured: 0, receivedByFilter: 0, droppedByKernel: 0 };
  isPaused = false;
  readonly restarts: string[] = [];
  readonly sent: JudgeOrder[] = [];
  readonly listening: Listening;
  private handlers: CaptureHandlers | undefined;

  constructor(private readonly readsItself = false) {
    this.listening = new Listening(source66, 0, this.open, quiet, (order) => this.sent.push(order));
    this.listening.start();
  }

  get says(): CaptureHandlers {
    if (this.handlers === undefined) throw new Error('Nobody listens to this capture.');
    return this.handlers;
  }

  get state(): ReturnType<Listening['stateWith']> {
    return this.listening.stateWith(undefined, undefined);
  }

  /** The capture has written so many frames by now, and the kernel dropped so many. */
  wrote(captured: number, droppedByKernel = 0): void {
    this.counts = { runs: 0, captured, receivedByFilter: captured + droppedByKernel, droppedByKernel };
  }

  private readonly open: OpenCapture = (_source, handlers) => {
    this.handlers = handlers;
    const told = { start: () => undefined, stop: () => Promise.resolve() };
    if (this.readsItself) return told;
    const counts = (): CaptureCounts | undefined => this.counts;
    return {
      ...told,
      get counts() {
        return counts();
      },
      pause: () => (this.isPaused = true),
      resume: () => (this.isPaused = false),
      restart: (why) => this.restarts.push(why),
    };
  };
}

const kib = (count: number): Uint8Array => new Uint8Array(count * 1024);

describe('a sensor listening to its capture', () => {
  it('holds the capture back while half a MiB waits for the judge, and lets it go on when half of that is taken', () => {
    const capture = new SpokenFor();
    capture.says.onPiece(kib(512));
    expect(capture.isPaused).toBe(false);
    capture.says.onPiece(kib(1));
    expect(capture.isPaused).toBe(true);
    capture.listening.taken({ amount: 256 * 1024, frames: 9 });
    expect(capture.isPaused).toBe(true);
    capture.listening.taken({ amount: 1024, frames: 1 });
    expect(capture.isPaused).toBe(false);
    expect(capture.state).toMatchObject({ queue: 256 * 1024, lost: 0, dropped: 0 });
  });

  it('counts what went down with a judge that ended: whatever was captured before and not read', () => {
    const capture = new SpokenFor();
    for (let piece = 0; piece < 3; piece++) capture.says.onPiece(kib(1));
    capture.listening.taken({ amount: 1024, frames: 10 });
    capture.listening.judgeWasReplaced('out of memory');
    expect(capture.restarts).toEqual(['the judge was started again: out of memory']);
    expect(capture.state).toMatchObject({ queue: 0 });
    capture.wrote(32, 5);
    capture.says.onBegin('the next run');
    expect(capture.state).toMatchObject({ lost: 22, dropped: 27 });
    expect(capture.sent.at(-1)).toEqual({ kind: 'begin', source: 0, capture: 'the next run' });
  });

  it('counts each frame that is lost once, however often a judge ends', () => {
    const capture = new SpokenFor();
    capture.says.onPiece(kib(1));
    capture.listening.judgeWasReplaced('once');
    capture.wrote(10);
    capture.says.onBegin('second run');
    capture.says.onPiece(kib(2));
    capture.listening.taken({ amount: 1024, frames: 4 });
    capture.listening.judgeWasReplaced('twice');
    capture.wrote(20);
    capture.says.onBegin('third run');
    expect(capture.state.lost).toBe(16);
    capture.says.onBegin('fourth run, though nothing was lost');
    expect(capture.state.lost).toBe(16);
  });

  it('calls nothing lost that still waits for the judge when a capture begins anew by itself', () => {
    const capture = new SpokenFor();
    capture.says.onPiece(kib(1));
    capture.wrote(10);
    capture.says.onBegin('tcpdump was started again');
    expect(capture.state).toMatchObject({ queue: 1024, lost: 0 });
  });

  it('goes on hearing from a capture that was held back when its judge ended', () => {
    const capture = new SpokenFor();
    capture.says.onPiece(kib(600));
    expect(capture.isPaused).toBe(true);
    capture.listening.judgeWasReplaced('gone');
    expect(capture.isPaused).toBe(false);
  });

  it('counts frames read elsewhere that are too many, or that wait when the judge ends, one by one', () => {
    const capture = new SpokenFor(true);
    const frame = { frame: 1 } as unknown as DecodedFrame;
    for (let sent = 0; sent < 20_002; sent++) capture.says.onFrame(frame);
    expect(capture.state).toMatchObject({ queue: 20_000, lost: 2 });
    capture.listening.taken({ amount: 5_000, frames: 5_000 });
    capture.listening.judgeWasReplaced('gone');
    expect(capture.state).toMatchObject({ queue: 0, lost: 15_002, dropped: 15_002 });
  });
});
