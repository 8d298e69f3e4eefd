import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import { ApiProduces } from '@nestjs/swagger';
import { createHash } from 'node:crypto';
import { Recorded } from '../../auth/recorded.js';
import { RequireScope } from '../../auth/require-scope.js';
import { EVENT_STORE } from '../../event-store/event-store.port.js';
import { ProblemError } from '../../ops/problem.js';
import { HistoryKeeper } from '../address-history/history-keeper.js';
import type { Outcome } from '../audit.js';
import { answered, understood } from '../problems.js';
import { DossierQuestionDocs } from '../question-docs.js';
import type { Fields } from '../question.js';
import { type DossierKind, readDossierQuestion } from './dossier-question.js';
import { KEPT_FRAMES, type KeptFrames } from './kept-frames.js';
import { DossierTooLarge } from './dossier-limits.js';
import { type DossierSources, DossierUnproven, makeDossier } from './make-dossier.js';
import { SealDesk, SealRefused } from './seal.js';

/** What this controller needs of a Fastify reply. */
interface Reply {
  header(name: string, value: string): unknown;
}

/** Answers that prove themselves, as one file each. */
@Controller('v1/audit/dossier')
@RequireScope('auditor')
export class DossierController {
  constructor(
    @Inject(EVENT_STORE) private readonly log: DossierSources['log'],
    @Inject(HistoryKeeper) private readonly history: HistoryKeeper,
    @Inject(SealDesk) private readonly desk: SealDesk,
    @Inject(KEPT_FRAMES) private readonly frames: KeptFrames,
  ) {}

  @Get('who-had')
  @Recorded({ results: () => 1 })
  @ApiProduces('application/zip')
  @DossierQuestionDocs('Who had it when, as a signed file with the events and their proofs')
  whoHad(@Query() fields: Fields, @Res({ passthrough: true }) reply: Reply): Promise<Buffer> {
    return this.dossier('who-had', fields, reply);
  }

  @Get('explain')
  @Recorded({ results: () => 1 })
  @ApiProduces('application/zip')
  @DossierQuestionDocs('Why, as a signed file with the events, their proofs, and the kept frames of violations')
  explain(@Query() fields: Fields, @Res({ passthrough: true }) reply: Reply): Promise<Buffer> {
    return this.dossier('explain', fields, reply);
  }

  private async dossier(kind: DossierKind, fields: Fields, reply: Reply): Promise<Buffer> {
    const question = understood(readDossierQuestion(kind, fields));
    const zip = answered(await this.made(() => makeDossier({ ...this.sources(), seal: this.desk.staffed }, question)));
    reply.header('content-type', 'application/zip');
    reply.header('repr-digest', `sha-256=:${createHash('sha256').update(zip).digest('base64')}:`);
    reply.header('content-disposition', `attachment; filename="dossier.zip"`);
    reply.header('cache-control', 'no-store');
    return zip;
  }

  private sources(): Omit<DossierSources, 'seal'> {
    return { log: this.log, indexed: this.history.current, frames: this.frames };
  }

  private async made(make: () => Promise<Outcome<Buffer>>): Promise<Outcome<Buffer>> {
    try {
      return await make();
    } catch (error) {
      const { message } = error as Error;
      if (error instanceof DossierTooLarge) throw new ProblemError(422, 'dossier-too-large', message);
      if (error instanceof DossierUnproven) throw new ProblemError(500, 'dossier-unproven', message);
      if (error instanceof SealRefused) throw new ProblemError(statusOf[error.code], error.code, message);
      throw error;
    }
  }
}

const statusOf: Readonly<Record<SealRefused['code'], number>> = { 'no-signing-key': 422, 'checkpoint-unsigned': 503 };
