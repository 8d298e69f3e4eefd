import { createHash, randomUUID } from 'node:crypto';
import { formatInstant } from '../../../events/index.js';
import type { AppendRequest } from '../../event-store/event-store.port.js';
import { captureMillis } from '../capture/captured-frame.js';
import { urlNamespace, uuidV5 } from '../../event-store/event-store.port.js';
import type { WaitingFrames } from './waiting-frames.js';

/** SHA-256 of a file, in hexadecimal. */
export function hashOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** EvidenceKept for a file with these frames behind those that are on disk; its time is that of the last frame. */
export function evidenceKept({ violationId, frames, onDisk }: WaitingFrames, sha256: string): AppendRequest {
  const last = frames.at(-1);
  const source = `urn:portledger:sensor:${last?.sensor ?? ''}`;
  const sourceId = randomUUID();
  const time = formatInstant(last === undefined ? 0 : captureMillis(last.time));
  const event = {
    id: uuidV5(uuidV5(urlNamespace, source), sourceId),
    type: 'EvidenceKept',
    data: { violationId, sha256, frames: onDisk + frames.length },
    metadata: { source, sourceId, schemaVersion: 1, time },
  };
  return { stream: `violation-${violationId}`, expected: 'any', events: [event] };
}
