import { type Projection, unreachable } from './projection.js';
import { type Register, write } from './register.js';

/** The latest word on whether a site is in survey: its findings are kept and not alerted. */
export interface SurveyRow {
  readonly site: string;
  readonly inSurvey: Register<boolean>;
  readonly reason: string;
}

export const surveys: Projection<SurveyRow, 'SiteSurveyStarted' | 'SiteSurveyEnded'> = {
  name: 'surveys',
  handles: ['SiteSurveyStarted', 'SiteSurveyEnded'],
  key: (event) => event.data.site,
  evolve(row, event) {
    const { site, reason } = event.data;
    const inSurvey = write(row?.inSurvey, isStart(event), event);
    return inSurvey === row?.inSurvey ? row : { site, inSurvey, reason };
  },
};

function isStart(event: Parameters<typeof surveys.key>[0]): boolean {
  switch (event.type) {
    case 'SiteSurveyStarted':
      return true;
    case 'SiteSurveyEnded':
      return false;
    default:
      return unreachable(event);
  }
}
