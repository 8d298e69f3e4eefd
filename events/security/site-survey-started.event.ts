import { defineEvent } from '../contract.js';
import { field, Is } from '../vocabulary/fields.js';

/**
 * From now on findings at this site are kept and not alerted. Stream `site-<site>`, published by an operator.
 * Does not stop anything that is done to devices.
 */
export class SiteSurveyStarted {
  @Is(field.siteName) readonly site!: string;
  @Is(field.reason) readonly reason!: string;
}

export const siteSurveyStarted = defineEvent({
  type: 'SiteSurveyStarted',
  scope: 'operator',
  version: 1,
  dataClass: SiteSurveyStarted,
  stream: (data) => `site-${data.site}`,
  read: (from): SiteSurveyStarted => ({
    site: from.need('site', field.siteName),
    reason: from.need('reason', field.reason),
  }),
});
