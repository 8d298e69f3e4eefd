import { defineEvent } from '../contract.js';
import { field, Is } from '../vocabulary/fields.js';

/**
 * Everything up to this event was looked at for this destination and need not be again; so many alerts were kept back since the
 * last word, because they were muted or their site was in survey. Stored in `journal-<destination>`, at most once a minute.
 * Nothing was sent by it.
 */
export class AlertsPassed {
  @Is(field.text) readonly destination!: string;
  @Is(field.text) readonly upToEventId!: string;
  @Is(field.count) readonly muted!: number;
  @Is(field.count) readonly inSurvey!: number;
}

export const alertsPassed = defineEvent({
  type: 'AlertsPassed',
  scope: 'own-rooms',
  version: 1,
  dataClass: AlertsPassed,
  stream: (data) => `journal-${data.destination}`,
  read: (from): AlertsPassed => ({
    destination: from.need('destination', field.text),
    upToEventId: from.need('upToEventId', field.text),
    muted: from.need('muted', field.count),
    inSurvey: from.need('inSurvey', field.count),
  }),
});
