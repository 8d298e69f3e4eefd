import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, type Principal, RequireScope } from '../auth/require-scope.js';
import { ProblemError } from '../ops/problem.js';
import { attributeTrouble } from './cloud-event.js';
import { found } from './refusal.js';
import { type FullReceipt, Receipts } from './receipts.js';

const asked = [
  'What is stored under a CloudEvents `source` and `id`: where it stands in the log, what it means for the map as it is now,',
  'and `digest`: SHA-256, in hexadecimal, of the RFC 8785 form of {id, stream, type, data, metadata}, `id` being `eventId`',
  'and `metadata` being {source, sourceId, schemaVersion, time}: compute it yourself and compare.',
  'A publisher sees its own source only; an auditor sees all.',
].join('\n');

/** What a publisher, or whoever audits it, can ask of an event that was published. */
@ApiTags('events')
@ApiBearerAuth()
@Controller('v1/receipts')
export class ReceiptsController {
  constructor(@Inject(Receipts) private readonly receipts: Receipts) {}

  @Get()
  @RequireScope('publisher', 'operator', 'link-source', 'auditor')
  @ApiOperation({ summary: 'The receipt of an event that was published', description: asked })
  @ApiQuery({ name: 'source', required: true, type: String, example: 'urn:billing:eu' })
  @ApiQuery({ name: 'id', required: true, type: String, description: "The publisher's own id of the event" })
  @ApiResponse({ status: 200, description: 'The event is stored.' })
  @ApiResponse({ status: 403, description: 'foreign-source: the source is not the one of this token.' })
  @ApiResponse({ status: 404, description: 'not-stored: nothing is stored under this source and id.' })
  async receipt(
    @CurrentPrincipal() principal: Principal,
    @Query() fields: Readonly<Record<string, unknown>>,
  ): Promise<FullReceipt> {
    const { source, id } = understood(fields);
    if (source !== principal.source && !principal.scopes.includes('auditor')) {
      const own = principal.source === undefined ? 'is bound to no source' : `sees ${principal.source} only`;
      throw new ProblemError(403, 'foreign-source', `source: caller ${principal.callerId} ${own}; ${found(source)}.`);
    }
    const receipt = await this.receipts.find(source, id);
    if (receipt !== undefined) return receipt;
    throw new ProblemError(404, 'not-stored', `Nothing is stored under the id ${found(id)} of ${source}.`);
  }
}

function understood(fields: Readonly<Record<string, unknown>>): { source: string; id: string } {
  const stray = Object.keys(fields).find((name) => name !== 'source' && name !== 'id');
  if (stray !== undefined) throw malformed(`${stray.slice(0, 100)}: no such field; expected source and id`);
  const { source, id } = fields;
  for (const [name, value] of Object.entries({ source, id })) {
    const trouble = attributeTrouble(name, value);
    if (trouble !== undefined) throw malformed(`${name}: ${trouble}`);
  }
  return { source: String(source), id: String(id) };
}

const malformed = (detail: string): ProblemError => new ProblemError(400, 'question-malformed', detail);
