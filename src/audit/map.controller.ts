import { Controller, Get, Headers, Inject, Query, Res } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { Recorded } from '../auth/recorded.js';
import { RequireScope } from '../auth/require-scope.js';
import { AppConfig } from '../config/app-config.js';
import { whyNotEnabled } from '../config/sites.js';
import { EVENT_STORE } from '../event-store/event-store.port.js';
import { tagged, type TaggedReply, weakTag } from '../ops/entity-tag.js';
import { LiveMap } from '../projector/live-map.js';
import { Audit } from './audit.js';
import { FindIndex } from './find/find-index.js';
import { serversOfCustomer } from './find/servers-of-customer.js';
import type { LogReader } from './known-log.js';
import { bindingsOf, frozenView, type MapAnswer } from './map-answer.js';
import { ImagesKeeper } from './map-images/images-keeper.js';
import { understood } from './problems.js';
import { MapQuestionDocs } from './question-docs.js';
import { type Fields, type MapQuestion, readMapQuestion } from './question.js';

/** How long a question about a customer waits for the index; without it every server is looked at. */
const patienceMs = 100;

/** The map: the live one, or, where `at` or `knownAt` is given, one made by replay. */
@Controller('v1/map')
export class MapController {
  private readonly audit: Audit;

  constructor(
    @Inject(LiveMap) private readonly liveMap: LiveMap,
    @Inject(EVENT_STORE) store: LogReader,
    @Inject(AppConfig) private readonly config: AppConfig,
    @Inject(FindIndex) private readonly index: FindIndex,
    @Inject(ImagesKeeper) { place }: ImagesKeeper,
  ) {
    this.audit = new Audit(store, undefined, place);
  }

  @Get()
  @RequireScope('viewer')
  @Recorded({
    when: ({ at, knownAt }) => at !== undefined || knownAt !== undefined,
    results: ({ bindings }: MapAnswer) => bindings.length,
  })
  @MapQuestionDocs('The IP <-> MAC <-> port map: live, or as of a moment')
  @ApiResponse({
    status: 304,
    description: 'the same as before; of the live map only, a read of the past is always answered',
  })
  async map(
    @Query() fields: Fields,
    @Headers('if-none-match') known: string | undefined,
    @Res({ passthrough: true }) reply: TaggedReply,
  ): Promise<MapAnswer | undefined> {
    const question = understood(readMapQuestion(fields));
    const isReplay = question.at !== undefined || question.knownAt !== undefined;
    if (isReplay) return this.audit.map(question);
    const answer = await this.liveAnswer(question);
    return tagged(answer, weakTag(answer), known, reply);
  }

  private async liveAnswer({ filters, page }: MapQuestion): Promise<MapAnswer> {
    const { customer } = filters;
    const isIndexed = customer !== undefined && (await this.index.ready(patienceMs));
    const { map, ordinal, live } = this.liveMap;
    const candidates = isIndexed ? serversOfCustomer(map, this.index, customer) : undefined;
    const frozenStreams = this.liveMap.frozenStreams().map(frozenView);
    const withheld = [...whyNotEnabled(this.config)].map(([name, reason]) => ({ switch: name, reason }));
    const notPushed = withheld.length === 0 ? {} : { withheld };
    return { ordinal, live, frozenStreams, ...notPushed, ...bindingsOf(map, filters, page, candidates) };
  }
}
