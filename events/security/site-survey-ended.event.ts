import { defineEvent } from '../contract.js';
import { field, Is } from '../vocabulary/fields.js';

/**
 * From now on findings at this site are alerted. Stream `site-<site>`, published by an operator.
 * Does not alert what was found before.
 */
export class SiteSurveyEnded {
  @Is(field.siteName) readonly site!: string;
  @Is(field.reason) readonly reason!: string;
}

export const siteSurveyEnded = defineEvent({
  type: 'SiteSurveyEnded',
  scope: 'operator',
  version: 1,
  dataClass: SiteSurveyEnded,
  stream: (data) => `site-${data.site}`,
  read: (from): SiteSurveyEnded => ({
    site: from.need('site', field.siteName),
    reason: from.need('reason', field.reason),
  }),
});
