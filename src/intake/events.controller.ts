import { Body, Controller, Headers, HttpCode, Inject, Post, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiConsumes, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, type Principal, RequireScope } from '../auth/require-scope.js';
import { problemDocument, ProblemError, storeProblem } from '../ops/problem.js';
import { eventExamples, exampleEvent } from './event-examples.js';
import { publishedTypes } from './event-schemas.js';
import { Intake, type Published } from './intake.js';
import type { Receipt } from './receipt.js';
import type { Refusal } from './refusal.js';

const mostEvents = 500;
const structured = 'application/cloudevents+json';
const batch = 'application/cloudevents-batch+json';

/** One event of a batch, answered: `status` says what a request of its own would have been answered. */
export type BatchItem =
  | ({ readonly status: 201 } & Receipt)
  | { readonly status: number; readonly id: string | undefined; readonly problem: object };

interface Reply {
  status(code: number): unknown;
}

const oneEvent = { oneOf: publishedTypes.map((type) => ({ $ref: `#/components/schemas/${type}` })) };

const publishing = [
  'CloudEvents 1.0, structured or batch. An event is answered only after it is durable.',
  'The same `source` and `id` again is safe: it is stored once and answered with the same position.',
  '`effect` and `conflicts` say what the fact means for the map as it is now.',
  'In a batch, events of a stream that follow a refused one are refused as `predecessor-refused` (424).',
  '400, 401, 403, 409, 413, 415, 422: do not send the same again. 429, 503, 507: nothing was stored, retry after a pause.',
].join('\n');

const examples = Object.fromEntries(
  publishedTypes.map((type) => [type, { summary: eventExamples[type].says, value: exampleEvent(type) }]),
);

@ApiTags('events')
@ApiBearerAuth()
@Controller('v1/events')
@RequireScope('publisher', 'operator', 'link-source')
export class EventsController {
  constructor(@Inject(Intake) private readonly intake: Intake) {}

  @Post()
  @HttpCode(201)
  @ApiOperation({ summary: 'Publish one fact, or up to 500 in order', description: publishing })
  @ApiConsumes(structured, batch, 'application/json')
  @ApiBody({ schema: { oneOf: [oneEvent, { type: 'array', maxItems: mostEvents, items: oneEvent }] }, examples })
  @ApiResponse({ status: 201, description: 'One event: stored durably. The same again is answered the same.' })
  @ApiResponse({ status: 200, description: 'A batch: one result for each event, in its order.' })
  async publish(
    @CurrentPrincipal() principal: Principal,
    @Headers() headers: Record<string, string | undefined>,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    const isBatch = isBatchRequest(headers, body);
    const values: readonly unknown[] = isBatch ? (body as unknown[]) : [body];
    if (values.length > mostEvents) {
      throw new ProblemError(
        413,
        'too-many-events',
        `The batch has ${values.length} events; at most ${mostEvents} are accepted.`,
      );
    }
    const results = await this.intake.publish(principal, values).catch((error: unknown) => {
      throw storeProblem(error, 'Nothing was stored:') ?? error;
    });
    if (isBatch) {
      reply.status(200);
      return { results: results.map((result, index) => batchItem(result, values[index])) };
    }
    return single(results[0]);
  }
}

function isBatchRequest(headers: Record<string, string | undefined>, body: unknown): boolean {
  if (headers['ce-specversion'] !== undefined) {
    throw new ProblemError(
      415,
      'unsupported-media-type',
      `CloudEvents in binary mode are not accepted; send ${structured}.`,
    );
  }
  const mediaType = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
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

function single(result: Published | undefined): object {
  if (result === undefined) throw new Error('The intake answered nothing for one event.');
  if (!result.refused) return result.receipt;
  throw new ProblemError(result.status, result.code, result.detail, membersOf(result));
}

function batchItem(result: Published, value: unknown): BatchItem {
  if (!result.refused) return { status: 201, ...result.receipt };
  const { status, code, detail } = result;
  return { status, id: idOf(value), problem: problemDocument(status, code, detail, membersOf(result)) };
}

function membersOf({ errors, missingScopes }: Refusal): Record<string, unknown> {
  return { ...(errors.length > 0 ? { errors } : {}), ...(missingScopes === undefined ? {} : { missingScopes }) };
}

function idOf(value: unknown): string | undefined {
  const id = typeof value === 'object' && value !== null ? (value as { id?: unknown }).id : undefined;
  return typeof id === 'string' ? id.slice(0, 256) : undefined;
}
