import { randomUUID } from 'node:crypto';
import { type ServerWritableStream } from '@grpc/grpc-js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import { type Address, errorOf } from './endings.js';
import { type Faults, slowEventsPerSecond } from './faults.js';
import { caughtUp, checkpoint, confirmation, eventMessage, streamNotFound, textOf } from './messages.js';
import type { Recorded, ServerLog } from './server-log.js';

type ReadCall = ServerWritableStream<streams.ReadReq, streams.ReadResp>;

/** Serves Read: reads, which end, and subscriptions, which do not. */
export function serveRead(call: ReadCall, log: ServerLog, faults: Faults, leader: () => Address): void {
  const options = call.request.getOptions();
  if (options === undefined) return void call.end();
  const reading = new RunningRead(call, log, faults);
  const stopListening = faults.onChange((fault) => {
    const error = errorOf(fault, leader());
    if (error !== undefined) call.emit('error', error);
    if (fault === 'silent') reading.silence();
    if (fault === 'clean end' && options.hasSubscription()) call.end();
  });
  for (const ending of ['close', 'finish', 'cancelled', 'error'] as const)
    call.on(ending, () => {
      stopListening();
      reading.stop();
    });
  const error = errorOf(faults.now, leader());
  if (error !== undefined) return void call.emit('error', error);
  if (faults.now === 'silent') return;
  if (options.hasSubscription()) reading.subscribe(options);
  else reading.read(options);
}

class RunningRead {
  private open = true;
  private stopFollowing: () => void = () => {};
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly call: ReadCall,
    private readonly log: ServerLog,
    private readonly faults: Faults,
  ) {}

  stop(): void {
    this.open = false;
    this.stopFollowing();
    clearTimeout(this.timer);
  }

  /** From now on and for ever; the call stays open. */
  silence(): void {
    this.stop();
  }

  read(options: streams.ReadReq.Options): void {
    const stream = options.getStream();
    const name = stream && textOf(stream.getStreamIdentifier()?.getStreamName_asU8() ?? new Uint8Array());
    const events = name === undefined ? this.log.all : this.log.read(name);
    if (events === undefined) {
      this.call.write(streamNotFound(name ?? ''));
      return void this.call.end();
    }
    const backwards = Number(options.getReadDirection()) === 1;
    const found = (backwards ? [...events].reverse() : events).filter(startOf(options, backwards));
    const wanted = found.slice(0, Number(options.getCount()));
    let next = 0;
    this.pump(
      () => (next < wanted.length ? wanted[next++] : undefined),
      (event) => [eventMessage(event)],
      () => this.call.end(),
    );
  }

  subscribe(options: streams.ReadReq.Options): void {
    this.call.write(confirmation(randomUUID()));
    if (this.faults.now === 'clean end') return void this.call.end();
    const all = options.getAll();
    const after = all?.hasPosition() ? BigInt(all.getPosition()?.getCommitPosition() ?? 0) : -1n;
    let next = all?.hasEnd() ? this.log.all.length : this.log.all.findIndex(({ position }) => position > after);
    if (next < 0) next = this.log.all.length;
    const passes = filterOf(options);
    const window = checkpointWindow(options);
    let looked = 0;
    let toldCaughtUp = false;
    const follow = (): void =>
      this.pump(
        () => this.log.all[next++] ?? void next--,
        (event) => {
          const messages = passes(event) ? [eventMessage(event)] : [];
          if (passes(event) && this.faults.now === 'duplicate delivery') messages.push(eventMessage(event));
          if (++looked % window === 0) messages.push(checkpoint(event.position));
          return messages;
        },
        () => {
          if (!toldCaughtUp) this.call.write(caughtUp());
          toldCaughtUp = true;
        },
      );
    this.stopFollowing = this.log.onAppend(follow);
    follow();
  }

  private pumping = false;

  /** Writes one event after the other, no faster than the client takes them and the fault allows. */
  private pump(
    take: () => Recorded | undefined,
    messagesOf: (event: Recorded) => streams.ReadResp[],
    done: () => void,
  ): void {
    if (this.pumping) return;
    this.pumping = true;
    const go = (): void => {
      while (this.open) {
        const event = take();
        if (event === undefined) {
          this.pumping = false;
          return done();
        }
        const messages = messagesOf(event);
        const written = messages.map((message) => this.call.write(message));
        if (this.faults.now === 'slow' && messages.length > 0) {
          this.timer = setTimeout(go, 1000 / slowEventsPerSecond);
          return;
        }
        if (written.includes(false)) return void this.call.once('drain', go);
      }
      this.pumping = false;
    };
    go();
  }
}

/** Reads begin with the event at the given place itself. */
function startOf(options: streams.ReadReq.Options, backwards: boolean): (event: Recorded) => boolean {
  const stream = options.getStream();
  if (stream?.hasRevision()) {
    const from = Number(stream.getRevision());
    return ({ revision }) => (backwards ? revision <= from : revision >= from);
  }
  const all = options.getAll();
  if (all?.hasPosition()) {
    const from = BigInt(all.getPosition()?.getCommitPosition() ?? 0);
    // Backwards, a position is a place between events: what was written there comes after it.
    return ({ position }) => (backwards ? position < from : position >= from);
  }
  const fromTheOtherEnd = backwards ? (stream ?? all)?.hasStart() : (stream ?? all)?.hasEnd();
  return () => fromTheOtherEnd !== true;
}

function filterOf(options: streams.ReadReq.Options): (event: Recorded) => boolean {
  const filter = options.getFilter();
  if (filter === undefined) return () => true;
  const expression = filter.hasEventType() ? filter.getEventType() : filter.getStreamIdentifier();
  const prefixes = expression?.getPrefixList() ?? [];
  const regex = expression?.getRegex() ? new RegExp(expression.getRegex()) : undefined;
  return ({ type, stream }) => {
    const text = filter.hasEventType() ? type : stream;
    return regex?.test(text) ?? prefixes.some((prefix) => text.startsWith(prefix));
  };
}

function checkpointWindow(options: streams.ReadReq.Options): number {
  const filter = options.getFilter();
  if (filter === undefined) return Infinity;
  return (filter.hasMax() ? filter.getMax() : 32) * Math.max(1, filter.getCheckpointintervalmultiplier());
}
