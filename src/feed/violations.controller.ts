import { Controller, Get, Headers, Inject, Param, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { RequireScope } from '../auth/require-scope.js';
import { AppConfig } from '../config/app-config.js';
import { tagged, type TaggedReply, weakTag } from '../ops/entity-tag.js';
import { filterQueries, mustBeLive, understood } from './asked.js';
import { tagOf } from './etag.js';
import { unknownViolation } from './triage-answer.js';
import type { QueryFields } from './violation-filter.js';
import { type HistoryEntryView, violationHistory } from './violation-history.js';
import { ViolationIndex } from './violation-index.js';
import { readViolationQuestion, type ViolationPage, violationPage } from './violation-page.js';
import { type ViolationView, violationView } from './violation-view.js';

/** A violation with all that was done about it. */
export interface ViolationWithHistory extends ViolationView {
  /** Oldest first: at most 200 acts, and every mute that lay over it. */
  readonly history: readonly HistoryEntryView[];
}

/** What was heard on the network that billing did not sell. */
@ApiTags('violations')
@ApiBearerAuth()
@Controller('v1/violations')
@RequireScope('security-analyst', 'auditor')
export class ViolationsController {
  constructor(
    @Inject(AppConfig) private readonly config: AppConfig,
    @Inject(ViolationIndex) private readonly index: ViolationIndex,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'Violations, the one that was heard last first',
    description:
      '`position` is what `newSince` takes at the next visit, and `after` of the stream. While there is `next` the list goes on, also where a page is short or empty.',
  })
  @filterQueries
  @ApiQuery({ name: 'limit', required: false, type: Number, description: '1 to 500, default 100' })
  @ApiQuery({ name: 'cursor', required: false, type: String, description: '`next` of the page before' })
  @ApiHeader({
    name: 'If-None-Match',
    required: false,
    description: 'the ETag of an earlier answer to the same question',
  })
  @ApiResponse({ status: 200, description: '{violations, position, next?}, with an ETag' })
  @ApiResponse({ status: 304, description: 'the same as before' })
  @ApiResponse({ status: 400, description: 'question-malformed: what is wrong with it, and what was expected' })
  list(
    @Query() fields: QueryFields,
    @Headers('if-none-match') known: string | undefined,
    @Res({ passthrough: true }) reply: TaggedReply,
  ): ViolationPage | undefined {
    mustBeLive(this.index);
    const viewing = this.index.viewing(this.config.sites);
    const page = violationPage(this.index, understood(readViolationQuestion(fields)), viewing);
    // The position moves with violations that are not in this page.
    return tagged(page, weakTag([page.violations, page.next]), known, reply);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One violation, with its history; its ETag is what If-Match of an action takes' })
  @ApiHeader({ name: 'If-None-Match', required: false, description: 'the ETag of an earlier answer' })
  @ApiResponse({ status: 200, description: 'the violation and `history`, with an ETag' })
  @ApiResponse({ status: 304, description: 'the same as before' })
  @ApiResponse({ status: 404, description: 'unknown-violation' })
  show(
    @Param('id') violationId: string,
    @Headers('if-none-match') known: string | undefined,
    @Res({ passthrough: true }) reply: TaggedReply,
  ): ViolationWithHistory | undefined {
    mustBeLive(this.index);
    const slot = this.index.slotOf(violationId);
    if (slot < 0) throw unknownViolation(violationId);
    const viewing = this.index.viewing(this.config.sites);
    const row = this.index.rowAt(slot);
    const history = violationHistory(row, viewing.mutes, viewing.now);
    const shown = { ...violationView(row, viewing), history };
    return tagged(shown, tagOf(shown.etag, shown), known, reply);
  }
}
