import { Controller, Get, Inject, Query } from '@nestjs/common';
import { RequireScope } from '../../auth/require-scope.js';
import { AppConfig } from '../../config/app-config.js';
import { LiveMap } from '../../projector/live-map.js';
import { bindingsOf } from '../map-answer.js';
import { understood } from '../problems.js';
import { PairsQuestionDocs } from '../question-docs.js';
import { type Fields, readPairsQuestion } from '../question.js';
import { type PairsAnswer, pairView } from './pair-view.js';

/** The IPv4 and the IPv6 address that go together for a MAC, as they are now. */
@Controller('v1/pairs')
export class PairsController {
  constructor(
    @Inject(LiveMap) private readonly liveMap: LiveMap,
    @Inject(AppConfig) private readonly config: AppConfig,
  ) {}

  @Get()
  @RequireScope('viewer')
  @PairsQuestionDocs('One IPv4/IPv6 pair per MAC, of the servers that fit every field given')
  pairs(@Query() fields: Fields): PairsAnswer {
    const { filters, page } = understood(readPairsQuestion(fields));
    const { map, ordinal, live } = this.liveMap;
    const { pairing } = this.config.addresses;
    const { bindings, next } = bindingsOf(map, filters, page);
    return { ordinal, live, pairing, pairs: bindings.map((one) => pairView(map, one, pairing)), next };
  }
}
