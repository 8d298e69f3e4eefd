import { Controller, Get, Inject, Query } from '@nestjs/common';
import { Recorded } from '../auth/recorded.js';
import { RequireScope } from '../auth/require-scope.js';
import { AppConfig } from '../config/app-config.js';
import { EVENT_STORE, type EventStore } from '../event-store/event-store.port.js';
import { ProblemError } from '../ops/problem.js';
import { LastSigned } from './checkpoints/last-signed.js';
import { eventInTree, type EventInTree, findEvent } from './event-proof.js';
import { understood } from './problems.js';
import { type Fields, strayField } from './question.js';
import { TreeQuestionDocs } from './question-docs.js';
import { readCount, readEventName } from './tree-question.js';

/** The head of the log's tree. Hashes are base64. */
export interface TreeAnswer {
  readonly logId: string;
  readonly size: number;
  readonly root: string;
  /** The checkpoint this engine signed last. */
  readonly checkpoint?: string;
}

/** That the tree of `to` events begins with the tree of `from` events. */
export interface ConsistencyAnswer {
  readonly logId: string;
  readonly from: number;
  readonly to: number;
  /** Root over `to` events, base64. */
  readonly root: string;
  /** RFC 6962 section 2.1.2; empty where `from` is 0 or `to`. */
  readonly path: readonly string[];
}

/** The Merkle tree over the log (RFC 6962), for those who check what this engine says. */
@Controller('v1/audit/tree')
@RequireScope('auditor')
export class TreeController {
  private readonly lastSigned: LastSigned;

  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(AppConfig) config: AppConfig,
  ) {
    this.lastSigned = new LastSigned(config.dataDir);
  }

  @Get()
  @TreeQuestionDocs('The head of the tree over all events, and the checkpoint that was signed last', [])
  async head(): Promise<TreeAnswer> {
    const { size, root } = await this.store.tree.head();
    const checkpoint = await this.lastSigned.read().catch(() => undefined);
    const signed = checkpoint === undefined ? {} : { checkpoint };
    return { logId: this.store.logId, size, root: root.toString('base64'), ...signed };
  }

  @Get('proof')
  @Recorded({ results: () => 1 })
  @TreeQuestionDocs('One event, and the audit path from it to the root', ['ordinal', 'id', 'position', 'size'])
  async proof(@Query() fields: Fields): Promise<EventInTree> {
    refuseStray(fields, ['ordinal', 'id', 'position', 'size']);
    const name = understood(readEventName(fields));
    const head = await this.store.tree.head();
    const size = fields['size'] === undefined ? head.size : understood(readCount('size', fields['size']));
    const event = await findEvent(this.store, name).catch(refuseRange);
    if (event === undefined) throw new ProblemError(404, 'event-unknown', 'The log holds no event with that name.');
    if (size > head.size || event.ordinal >= size) throw outside(`#${event.ordinal} of ${size} events`, head.size);
    return eventInTree(this.store, event, size);
  }

  @Get('consistency')
  @Recorded()
  @TreeQuestionDocs('That a longer log begins with a shorter one', ['from', 'to'])
  async consistency(@Query() fields: Fields): Promise<ConsistencyAnswer> {
    refuseStray(fields, ['from', 'to']);
    const from = understood(readCount('from', fields['from']));
    const { size } = await this.store.tree.head();
    const to = fields['to'] === undefined ? size : understood(readCount('to', fields['to']));
    if (from > to || to > size) throw outside(`the first ${from} of ${to} events`, size);
    const path = from === 0 || from === to ? [] : await this.store.tree.consistencyProof(from, to);
    const root = await this.store.tree.rootAt(to);
    return { logId: this.store.logId, from, to, root: root.toString('base64'), path: path.map(inBase64) };
  }
}

const inBase64 = (hash: Buffer): string => hash.toString('base64');

function outside(asked: string, size: number): ProblemError {
  const detail = `The log has ${size} events: there is no proof about ${asked}.`;
  return new ProblemError(404, 'outside-the-log', detail, { size });
}

function refuseStray(fields: Fields, known: readonly string[]): void {
  const problem = strayField(fields, known);
  if (problem !== undefined) throw new ProblemError(400, 'question-malformed', problem);
}

/** A position of another store. */
function refuseRange(error: unknown): never {
  if (error instanceof RangeError) throw new ProblemError(400, 'question-malformed', error.message);
  throw error;
}
