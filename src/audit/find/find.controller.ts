import { Controller, Get, Inject, type OnModuleDestroy, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Recorded } from '../../auth/recorded.js';
import { CurrentPrincipal, type Principal, RequireScope } from '../../auth/require-scope.js';
import { missingScope } from '../../auth/scope.guard.js';
import { AppConfig } from '../../config/app-config.js';
import { parseSourceEmbedding } from '../../config/source-embedding.js';
import { EVENT_STORE, type EventStore } from '../../event-store/event-store.port.js';
import { LiveMap } from '../../projector/live-map.js';
import { HistoryKeeper } from '../address-history/history-keeper.js';
import { Audit } from '../audit.js';
import { understood } from '../problems.js';
import type { Fields } from '../question.js';
import { type FindAnswer, Search, understand } from './find.js';
import { FindIndex } from './find-index.js';
import { mostHits, readFindQuestion, usualHits } from './find-question.js';
import { hitsOfLog, withPast } from './past.js';
import { longestText } from './reading.js';

/** How long a question waits for the index before it is answered without. */
const patienceMs = 1_000;

const fields = {
  q: `what is looked for, at most ${longestText} characters: a MAC, an address or a prefix in any notation, a server, customer, port or violation, the beginning of one, \`#\` and an ordinal, or the id of an event`,
  limit: `hits of each kind, 1 to ${mostHits} (default ${usualHits})`,
  past: '`true`: also events, and who had it before, from the log (auditor)',
} as const;

const questionDocs: MethodDecorator = (target, key, descriptor) => {
  for (const [name, description] of Object.entries(fields))
    ApiQuery({ name, type: String, required: name === 'q', description })(target, key, descriptor);
};

/** One box for everything that has a name. */
@ApiTags('audit')
@ApiBearerAuth()
@Controller('v1/search')
@RequireScope('viewer')
export class FindController implements OnModuleDestroy {
  private readonly audit: Audit;
  private readonly embeddings;

  constructor(
    @Inject(LiveMap) private readonly liveMap: LiveMap,
    @Inject(FindIndex) private readonly index: FindIndex,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(HistoryKeeper) history: HistoryKeeper,
    @Inject(AppConfig) config: AppConfig,
  ) {
    this.audit = new Audit(store, history.current);
    this.embeddings = config.sourceEmbedding.flatMap((text) => parseSourceEmbedding(text) ?? []);
  }

  @Get()
  @Recorded({
    when: ({ past }) => past === 'true',
    results: ({ groups }: FindAnswer) => groups.reduce((sum, { hits }) => sum + hits.length, 0),
  })
  @questionDocs
  @ApiOperation({
    summary: 'Everything that has this name, or one that begins so',
    description:
      'Looks in the live map; exact hits first, then what begins so, then words inside names. The first question after a start makes the index: until it is made only whole names are found, and `indexed` is below 1.',
  })
  @ApiResponse({ status: 400, description: 'question-malformed' })
  @ApiResponse({ status: 403, description: 'missing-scope: `past` needs auditor' })
  async search(@Query() asked: Fields, @CurrentPrincipal() principal: Principal): Promise<FindAnswer> {
    const { text, limit, past } = understood(readFindQuestion(asked));
    if (past && !principal.scopes.includes('auditor')) throw missingScope(principal, ['auditor']);
    const reading = understand(text, this.embeddings);
    const isReady = await this.index.ready(patienceMs);
    const { map, ordinal } = this.liveMap;
    const groups = new Search(map, isReady ? this.index : undefined, reading, limit).groups();
    const answer = { understood: reading.says, ordinal, indexed: isReady ? 1 : this.index.progress, groups };
    if (!past) return answer;
    const events = await hitsOfLog(this.store, reading);
    return { ...answer, groups: await withPast(this.audit, reading, [...events, ...groups]) };
  }

  onModuleDestroy(): void {
    this.index.close();
  }
}
