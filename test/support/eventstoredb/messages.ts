import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import googleAny from 'google-protobuf/google/protobuf/any_pb.js';
import googleEmpty from 'google-protobuf/google/protobuf/empty_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import rpcStatus from '@eventstore/db-client/generated/status_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { type AppendAnswer, type Expected, mostAppendBytes, type Proposed, type Recorded } from './server-log.js';

// Our words to the messages of the protocol and back.

export const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

export function uuid(text: string): shared.UUID {
  const message = new shared.UUID();
  message.setString(text);
  return message;
}

function identifier(stream: string): shared.StreamIdentifier {
  const message = new shared.StreamIdentifier();
  message.setStreamName(Uint8Array.from(Buffer.from(stream, 'utf8')));
  return message;
}

export function proposed(
  message: streams.AppendReq.ProposedMessage | streams.BatchAppendReq.ProposedMessage,
): Proposed {
  const system = message.getMetadataMap();
  return {
    id: message.getId()?.getString().toLowerCase() ?? '',
    type: system.get('type') ?? '',
    contentType: system.get('content-type') ?? '',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
}

export function expectedOf(
  options: streams.AppendReq.Options | streams.BatchAppendReq.Options,
  revision: string | number,
): Expected {
  if (options.hasAny()) return 'any';
  if (options.hasNoStream()) return 'no-stream';
  return options.hasStreamExists() ? 'stream-exists' : Number(revision);
}

export function eventMessage(event: Recorded): streams.ReadResp {
  const recorded = new streams.ReadResp.ReadEvent.RecordedEvent();
  recorded.setId(uuid(event.id));
  recorded.setStreamIdentifier(identifier(event.stream));
  recorded.setStreamRevision(String(event.revision));
  recorded.setCommitPosition(String(event.position));
  recorded.setPreparePosition(String(event.position));
  recorded.setData(event.data);
  recorded.setCustomMetadata(event.metadata);
  const system = recorded.getMetadataMap();
  system.set('type', event.type);
  system.set('content-type', event.contentType);
  system.set('created', String(BigInt(event.created) * 10_000n));
  const read = new streams.ReadResp.ReadEvent();
  read.setEvent(recorded);
  read.setCommitPosition(String(event.position));
  const message = new streams.ReadResp();
  message.setEvent(read);
  return message;
}

export function confirmation(id: string): streams.ReadResp {
  const confirmed = new streams.ReadResp.SubscriptionConfirmation();
  confirmed.setSubscriptionId(id);
  const message = new streams.ReadResp();
  message.setConfirmation(confirmed);
  return message;
}

export function caughtUp(): streams.ReadResp {
  const message = new streams.ReadResp();
  message.setCaughtUp(new streams.ReadResp.CaughtUp());
  return message;
}

export function checkpoint(position: bigint): streams.ReadResp {
  const reached = new streams.ReadResp.Checkpoint();
  reached.setCommitPosition(String(position));
  reached.setPreparePosition(String(position));
  const message = new streams.ReadResp();
  message.setCheckpoint(reached);
  return message;
}

export function streamNotFound(stream: string): streams.ReadResp {
  const missing = new streams.ReadResp.StreamNotFound();
  missing.setStreamIdentifier(identifier(stream));
  const message = new streams.ReadResp();
  message.setStreamNotFound(missing);
  return message;
}

/** The answer of Append; an error where the protocol has no message for it. */
export function appendMessage(answer: AppendAnswer): streams.AppendResp | ServiceError {
  const message = new streams.AppendResp();
  switch (answer.outcome) {
    case 'too-large':
      return refusal(status.INVALID_ARGUMENT, 'The append is too large', {
        exception: 'maximum-append-size-exceeded',
        'maximum-append-size': String(mostAppendBytes),
      });
    case 'stored': {
      const position = new streams.AppendResp.Position();
      position.setCommitPosition(String(answer.last.position));
      position.setPreparePosition(String(answer.last.position));
      const success = new streams.AppendResp.Success();
      success.setCurrentRevision(String(answer.last.revision));
      success.setPosition(position);
      message.setSuccess(success);
      return message;
    }
    case 'wrong-revision': {
      const wrong = new streams.AppendResp.WrongExpectedVersion();
      if (answer.current < 0) wrong.setCurrentNoStream(new shared.Empty());
      else wrong.setCurrentRevision(String(answer.current));
      if (answer.expected === 'no-stream') wrong.setExpectedNoStream(new shared.Empty());
      else if (typeof answer.expected === 'number') wrong.setExpectedRevision(String(answer.expected));
      message.setWrongExpectedVersion(wrong);
      return message;
    }
  }
}

/** The answer of BatchAppend. */
export function batchMessage(correlationId: string, stream: string, answer: AppendAnswer): streams.BatchAppendResp {
  const message = new streams.BatchAppendResp();
  message.setCorrelationId(uuid(correlationId));
  message.setStreamIdentifier(identifier(stream));
  if (answer.outcome === 'stored') {
    const position = new shared.AllStreamPosition();
    position.setCommitPosition(String(answer.last.position));
    position.setPreparePosition(String(answer.last.position));
    const success = new streams.BatchAppendResp.Success();
    success.setCurrentRevision(String(answer.last.revision));
    success.setPosition(position);
    message.setSuccess(success);
    return message;
  }
  const details = new googleAny.Any();
  if (answer.outcome === 'too-large') {
    const large = new shared.MaximumAppendSizeExceeded();
    large.setMaxappendsize(mostAppendBytes);
    details.pack(large.serializeBinary(), 'event_store.client.MaximumAppendSizeExceeded');
  } else {
    const wrong = new shared.WrongExpectedVersion();
    if (answer.current < 0) wrong.setCurrentNoStream(new googleEmpty.Empty());
    else wrong.setCurrentStreamRevision(String(answer.current));
    if (answer.expected === 'no-stream') wrong.setExpectedNoStream(new googleEmpty.Empty());
    else if (typeof answer.expected === 'number') wrong.setExpectedStreamPosition(String(answer.expected));
    details.pack(wrong.serializeBinary(), 'event_store.client.WrongExpectedVersion');
  }
  const error = new rpcStatus.Status();
  error.setMessage(answer.outcome);
  error.setDetails(details);
  message.setError(error);
  return message;
}

/** An error as a call ends with it; the trailers say which exception it was. */
export function refusal(code: status, details: string, trailers: Readonly<Record<string, string>> = {}): ServiceError {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(trailers)) metadata.set(name, value);
  return Object.assign(new Error(details), { code, details, metadata });
}
