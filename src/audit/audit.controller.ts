import { Controller, Get, Inject, Query } from '@nestjs/common';
import { Recorded } from '../auth/recorded.js';
import { RequireScope } from '../auth/require-scope.js';
import { AppConfig } from '../config/app-config.js';
import { EVENT_STORE } from '../event-store/event-store.port.js';
import { HistoryKeeper } from './address-history/history-keeper.js';
import { Audit, type Explained, type WhoHadAnswer } from './audit.js';
import { parseSourceEmbedding } from '../config/source-embedding.js';
import { configuredViews } from './configured-view.js';
import type { DiffAnswer } from './diff/diff.js';
import { readDiffQuestion } from './diff/diff-question.js';
import type { LogReader } from './known-log.js';
import { type AccessAnswer, accessPage, readAccessQuestion } from './access/access-question.js';
import type { MapAnswer } from './map-answer.js';
import { ImagesKeeper } from './map-images/images-keeper.js';
import { answered, understood } from './problems.js';
import {
  AccessQuestionDocs,
  AtQuestionDocs,
  DiffQuestionDocs,
  StepQuestionDocs,
  SubjectQuestionDocs,
} from './question-docs.js';
import { type Fields, heldKinds, readAtQuestion, readSubjectQuestion } from './question.js';
import type { StepAnswer } from './step/step.js';
import { readStepQuestion } from './step/step-question.js';

/** Questions about the past, each answered from the log. */
@Controller('v1/audit')
@RequireScope('auditor')
export class AuditController {
  private readonly audit: Audit;

  constructor(
    @Inject(EVENT_STORE) private readonly store: LogReader,
    @Inject(HistoryKeeper) history: HistoryKeeper,
    @Inject(ImagesKeeper) { place }: ImagesKeeper,
    @Inject(AppConfig) config: AppConfig,
  ) {
    const embeddings = config.sourceEmbedding.flatMap((text) => parseSourceEmbedding(text) ?? []);
    this.audit = new Audit(store, history.current, place, configuredViews(config), embeddings);
  }

  @Get('at')
  @Recorded({ results: ({ bindings }: MapAnswer) => bindings.length })
  @AtQuestionDocs('The map made by replay of the log')
  at(@Query() fields: Fields): Promise<MapAnswer> {
    return this.audit.map(understood(readAtQuestion(fields)));
  }

  @Get('who-had')
  @Recorded({ results: countedWith(({ intervals }: WhoHadAnswer) => intervals.length) })
  @SubjectQuestionDocs('Who had it when, and the events that gave and took it')
  async whoHad(@Query() fields: Fields): Promise<WhoHadAnswer> {
    return answered(await this.audit.whoHad(understood(readSubjectQuestion(fields, heldKinds))));
  }

  @Get('explain')
  @Recorded({ results: countedWith(({ servers }: Explained) => servers.length) })
  @SubjectQuestionDocs('Why: the events, and the device lines each one caused')
  async explain(@Query() fields: Fields): Promise<Explained> {
    return answered(await this.audit.explain(understood(readSubjectQuestion(fields))));
  }

  @Get('diff')
  @Recorded({ results: ({ differences }: DiffAnswer) => differences.length })
  @DiffQuestionDocs('What differs between the maps as of two moments, and the facts that made it')
  diff(@Query() fields: Fields): Promise<DiffAnswer> {
    return this.audit.diff(understood(readDiffQuestion(fields)));
  }

  @Get('step')
  @Recorded({ results: ({ steps }: StepAnswer) => steps.length })
  @StepQuestionDocs('Event by event, what each one changed on the map')
  async step(@Query() fields: Fields): Promise<StepAnswer> {
    return answered(await this.audit.step(understood(readStepQuestion(fields))));
  }

  @Get('access')
  @Recorded({ results: ({ reads }: AccessAnswer) => reads.length })
  @AccessQuestionDocs('Who asked the audit, read the log or took evidence')
  access(@Query() fields: Fields): Promise<AccessAnswer> {
    return accessPage(this.store, understood(readAccessQuestion(fields)));
  }
}

/** With the results of the answer about what an address carries. */
function countedWith<Answer extends { readonly embedded?: { readonly answer?: Answer } }>(
  count: (answer: Answer) => number,
): (answer: Answer) => number {
  return (answer) => count(answer) + (answer.embedded?.answer === undefined ? 0 : count(answer.embedded.answer));
}
