import { Body, Controller, HttpCode, Inject, Post, Query, Req, Res } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
  ApiHeader,
  ApiOperation,
  ApiQuery,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import { CallerLimits } from '../auth/caller-limits.js';
import { CurrentPrincipal, type Principal, RequireScope } from '../auth/require-scope.js';
import { problemDocument, ProblemError, writeProblem } from '../ops/problem.js';
import { type DistinctHeaders, eventOfHeaders, isBinaryMode } from './binary-mode.js';
import { eventExamples, exampleEvent } from './event-examples.js';
import { publishedTypes } from './event-schemas.js';
import { Intake, type Published } from './intake.js';
import type { DryReceipt, Receipt } from './receipt.js';
import type { Refusal } from './refusal.js';
import type { Rehearsed } from './rehearsal.js';

const mostEvents = 500;
const structured = 'application/cloudevents+json';
const batch = 'application/cloudevents-batch+json';

/** One event of a batch, answered: `status` says what a request of its own would have been answered. */
export type BatchItem =
  | ({ readonly status: 201 } & (Receipt | DryReceipt))
  | { readonly status: number; readonly id: string | undefined; readonly problem: object };

interface Reply {
  status(code: number): unknown;
}

/** What is needed of a Fastify request. */
interface Request {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly raw: { readonly headersDistinct: DistinctHeaders };
}

const oneEvent = { oneOf: publishedTypes.map((type) => ({ $ref: `#/components/schemas/${type}` })) };

const publishing = [
  'CloudEvents 1.0: structured, batch, or binary (attributes as `ce-` headers, data as body). An event is answered only after it is durable.',
  'The same `source` and `id` again is safe: it is stored once and answered with the same position.',
  '`effect` and `conflicts` say what the fact means for the map as it is now.',
  'With `dryRun=true` the answer is the same, marked `dryRun`, and nothing is stored; `withheld` says what no device would get, and why.',
  'In a batch, events of a stream that follow a refused one are refused as `predecessor-refused` (424).',
  '400, 401, 403, 409, 413, 415, 422: do not send the same again. 429, 503, 507: nothing was stored, retry after a pause.',
].join('\n');

const binaryHeader = (name: string, description: string): MethodDecorator =>
  ApiHeader({ name: `ce-${name}`, required: false, description: `Binary mode: ${description}` });

/** The attributes of an event in binary mode, as the API document shows them. */
const BinaryHeaders = (): MethodDecorator => (target, key, descriptor) => {
  for (const [name, description] of Object.entries(binaryHeaders))
    binaryHeader(name, description)(target, key, descriptor);
};

const binaryHeaders = {
  specversion: '`1.0`; with any `ce-` header and `application/json`, the body is the data of one event',
  type: 'the event type, such as `ServerAdded`',
  source: 'the source bound to your token',
  id: 'unique within the source',
  subject: 'what the event is about',
  time: 'RFC 3339, when the fact became true',
  schemaversion: 'shape of the data; default the newest',
  traceparent: 'W3C trace context',
};

const examples = Object.fromEntries(
  publishedTypes.map((type) => [type, { summary: eventExamples[type].says, value: exampleEvent(type) }]),
);

@ApiTags('events')
@ApiBearerAuth()
@Controller('v1/events')
@RequireScope('publisher', 'operator', 'link-source')
export class EventsController {
  constructor(
    @Inject(Intake) private readonly intake: Intake,
    @Inject(CallerLimits) private readonly limits: CallerLimits,
  ) {}

  @Post()
  @HttpCode(201)
  @ApiOperation({ summary: 'Publish one fact, or up to 500 in order', description: publishing })
  @ApiConsumes(structured, batch, 'application/json')
  @BinaryHeaders()
  @ApiBody({ schema: { oneOf: [oneEvent, { type: 'array', maxItems: mostEvents, items: oneEvent }] }, examples })
  @ApiQuery({ name: 'dryRun', required: false, enum: ['true', 'false'], description: 'Answer, but store nothing' })
  @ApiResponse({ status: 201, description: 'One event: stored durably. The same again is answered the same.' })
  @ApiResponse({ status: 200, description: 'A batch: one result for each event, in its order.' })
  @ApiResponse({
    status: 429,
    description: 'too-many-requests: more events a second than `limits` lets one caller send; see Retry-After.',
  })
  async publish(
    @CurrentPrincipal() principal: Principal,
    @Req() request: Request,
    @Body() body: unknown,
    @Query() query: Readonly<Record<string, unknown>>,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    const isDryRun = isDryRunRequest(query);
    const contentType = textOf(request.headers['content-type']);
    const { headersDistinct } = request.raw;
    const isBinary = isBinaryMode(mediaTypeOf(contentType), headersDistinct);
    const isBatch = !isBinary && isBatchRequest(mediaTypeOf(contentType), body);
    const values: readonly unknown[] = isBatch
      ? (body as unknown[])
      : [isBinary ? accepted(eventOfHeaders(headersDistinct, contentType, body)) : body];
    if (values.length > mostEvents) {
      throw new ProblemError(
        413,
        'too-many-events',
        `The batch has ${values.length} events; at most ${mostEvents} are accepted.`,
      );
    }
    this.limits.spend('events', principal, values.length);
    const answer = isDryRun ? this.intake.rehearse(principal, values) : this.intake.publish(principal, values);
    const results: readonly (Published | Rehearsed)[] = await answer.catch((error: unknown) => {
      throw writeProblem(error) ?? error;
    });
    if (isBatch) {
      reply.status(200);
      return { results: results.map((result, index) => batchItem(result, values[index])) };
    }
    return single(results[0]);
  }
}

const textOf = (header: string | string[] | undefined): string | undefined =>
  typeof header === 'string' ? header : undefined;
const mediaTypeOf = (contentType: string | undefined): string | undefined =>
  contentType?.split(';', 1)[0]?.trim().toLowerCase();

/** A misspelt dry run must never store anything. */
function isDryRunRequest(query: Readonly<Record<string, unknown>>): boolean {
  const stray = Object.keys(query).find((name) => name !== 'dryRun');
  if (stray !== undefined) {
    const detail = `${stray.slice(0, 100)}: no such field; expected dryRun or none. Nothing was stored.`;
    throw new ProblemError(400, 'question-malformed', detail);
  }
  const { dryRun } = query;
  if (dryRun === undefined || dryRun === 'false') return false;
  if (dryRun === 'true') return true;
  throw new ProblemError(400, 'question-malformed', 'dryRun: expected true or false, once. Nothing was stored.');
}

function isBatchRequest(mediaType: string | undefined, body: unknown): boolean {
  if (mediaType === batch && !Array.isArray(body)) {
    throw new ProblemError(
      400,
      'malformed-request',
      `${batch} is a JSON list of events; for one event send ${structured}.`,
    );
  }
  if (mediaType === structured && Array.isArray(body)) {
    throw new ProblemError(400, 'malformed-request', `${structured} is one event; for a list send ${batch}.`);
  }
  return Array.isArray(body);
}

function single(result: Published | Rehearsed | undefined): object {
  if (result === undefined) throw new Error('The intake answered nothing for one event.');
  return accepted<object>(result.refused ? result : result.receipt);
}

/** What was not refused; a refusal is thrown as the problem of the whole request. */
function accepted<Value extends object>(value: Value | Refusal): Value {
  if (!('refused' in value)) return value;
  throw new ProblemError(value.status, value.code, value.detail, membersOf(value));
}

function batchItem(result: Published | Rehearsed, value: unknown): BatchItem {
  if (!result.refused) return storedItem(result.receipt);
  const { status, code, detail } = result;
  return { status, id: idOf(value), problem: problemDocument(status, code, detail, membersOf(result)) };
}

/** Named one by one: a spread behind a member costs more than everything else of an answer. */
function storedItem(receipt: Receipt | DryReceipt): BatchItem {
  if ('dryRun' in receipt || receipt.backDated === undefined) return { status: 201, ...receipt };
  const { id, eventId, position, ordinal, effect, conflicts, backDated } = receipt;
  return { status: 201, id, eventId, position, ordinal, effect, conflicts, backDated };
}

function membersOf({ errors, missingScopes }: Refusal): Record<string, unknown> {
  return { ...(errors.length > 0 ? { errors } : {}), ...(missingScopes === undefined ? {} : { missingScopes }) };
}

function idOf(value: unknown): string | undefined {
  const id = typeof value === 'object' && value !== null ? (value as { id?: unknown }).id : undefined;
  return typeof id === 'string' ? id.slice(0, 256) : undefined;
}
