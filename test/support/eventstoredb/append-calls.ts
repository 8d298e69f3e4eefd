import { type sendUnaryData, type ServerDuplexStream, type ServerReadableStream, status } from '@grpc/grpc-js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import { type Address, errorOf } from './endings.js';
import type { Faults } from './faults.js';
import { appendMessage, batchMessage, expectedOf, proposed, refusal, textOf } from './messages.js';
import type { AppendAnswer, Expected, Proposed, ServerLog } from './server-log.js';

/** How this node takes appends: its log, or why not. */
export interface Appending {
  readonly log: ServerLog;
  readonly faults: Faults;
  readonly leader: () => Address;
  /** False when the cluster has no majority: appends are then never answered. */
  readonly hasMajority: () => boolean;
}

/** Serves Append: one stream, one answer. */
export function serveAppend(
  call: ServerReadableStream<streams.AppendReq, streams.AppendResp>,
  callback: sendUnaryData<streams.AppendResp>,
  node: Appending,
): void {
  let options: streams.AppendReq.Options | undefined;
  const events: Proposed[] = [];
  call.on('data', (request: streams.AppendReq) => {
    options ??= request.getOptions();
    const message = request.getProposedMessage();
    if (message !== undefined) events.push(proposed(message));
  });
  call.on('end', () => {
    if (options === undefined) return callback(refusal(status.INVALID_ARGUMENT, 'No options'));
    const stream = textOf(options.getStreamIdentifier()?.getStreamName_asU8() ?? new Uint8Array());
    const answer = take(node, stream, expectedOf(options, options.getRevision()), events);
    if (answer === 'none') return;
    if ('code' in answer) return callback(answer);
    const message = appendMessage(answer);
    if ('code' in message) return callback(message);
    callback(null, message);
  });
}

/** Serves BatchAppend: appends of all streams over one call, taken in the order they come. */
export function serveBatchAppend(
  call: ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>,
  node: Appending,
): void {
  const parts = new Map<string, { options: streams.BatchAppendReq.Options | undefined; events: Proposed[] }>();
  let silent = false;
  const stopListening = node.faults.onChange((fault) => {
    if (fault === 'silent') silent = true;
    const error = errorOf(fault, node.leader());
    if (error !== undefined) call.emit('error', error);
  });
  for (const ending of ['close', 'finish', 'cancelled', 'error'] as const) call.on(ending, stopListening);
  call.on('data', (request: streams.BatchAppendReq) => {
    if (silent) return;
    const id = request.getCorrelationId()?.getString() ?? '';
    const part = parts.get(id) ?? { options: undefined, events: [] };
    parts.set(id, part);
    part.options ??= request.getOptions();
    part.events.push(...request.getProposedMessagesList().map(proposed));
    if (!request.getIsFinal() || part.options === undefined) return;
    parts.delete(id);
    const { options } = part;
    const stream = textOf(options.getStreamIdentifier()?.getStreamName_asU8() ?? new Uint8Array());
    const answer = take(node, stream, expectedOf(options, options.getStreamPosition()), part.events);
    if (answer === 'none') return;
    if ('code' in answer) call.emit('error', answer);
    else call.write(batchMessage(id, stream, answer));
  });
  call.on('end', () => call.end());
}

function take(
  node: Appending,
  stream: string,
  expected: Expected,
  events: readonly Proposed[],
): AppendAnswer | ReturnType<typeof refusal> | 'none' {
  const { log, faults } = node;
  const error = errorOf(faults.now, node.leader());
  if (error !== undefined) return error;
  if (faults.now === 'silent' || !node.hasMajority()) return 'none';
  if (faults.now === 'wrong revision') return { outcome: 'wrong-revision', expected, current: 4711 };
  const answer = log.append(stream, expected, events);
  return faults.now === 'lost answer' ? refusal(status.UNAVAILABLE, 'The connection broke after the append') : answer;
}
