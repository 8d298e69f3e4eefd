import type { EngineClient } from '../cli/engine-client.js';
import type { TreeHead } from '../event-store/event-store.port.js';
import type { EventInTree, EventName } from './event-proof.js';
import type { ConsistencyAnswer, TreeAnswer } from './tree.controller.js';

/** The tree of a running engine's log, asked over HTTP. Nothing it answers is to be believed: it is what is verified. */
export class RemoteTree {
  constructor(private readonly engine: EngineClient) {}

  async head(): Promise<TreeHead & { readonly logId: string; readonly checkpoint: string | undefined }> {
    const { logId, size, root, checkpoint } = (await this.engine.get('/v1/audit/tree')) as TreeAnswer;
    return { logId: String(logId), size: Number(size), root: hashOf(root), checkpoint };
  }

  async consistencyProof(from: number, to: number): Promise<Buffer[]> {
    const answer = await this.engine.get(`/v1/audit/tree/consistency?from=${from}&to=${to}`);
    return hashesOf((answer as Partial<ConsistencyAnswer>).path);
  }

  async proof(name: EventName, size?: number): Promise<EventInTree> {
    const query = new URLSearchParams();
    for (const [key, value] of Object.entries(name)) query.set(key, String(value));
    if (size !== undefined) query.set('size', String(size));
    return (await this.engine.get(`/v1/audit/tree/proof?${query.toString()}`)) as EventInTree;
  }
}

/** The hashes of a path; none for what is no list. */
export function hashesOf(path: unknown): Buffer[] {
  return Array.isArray(path) ? path.map(hashOf) : [];
}

/** 32 bytes, or whatever was sent instead: no proof fits that. */
export function hashOf(text: unknown): Buffer {
  return Buffer.from(String(text), 'base64');
}
