// The records of a rack's log, and those that each further event touches.
import { type ChangedRow, GrantChanges, type GrantRecords, LogFold } from '../../../../projections/index.js';
import { stored, type Told } from '../../../projections/rules/rack.js';
import { noRecords } from './grant-answers.js';

export function foldOfTold(told: readonly Told[]): { pages: GrantRecords[]; next: (one: Told) => GrantRecords } {
  let changed: ChangedRow[] = [];
  const fold = new LogFold({ onChange: (table, key) => changed.push({ table, key }) });
  const log = [...told];
  for (const event of stored(log)) fold.fold(event);
  const changes = new GrantChanges(fold.map);
  const pages = [...changes.all(() => fold.ordinal)];
  changed = [];
  return {
    pages,
    next: (one) => {
      log.push(one);
      for (const event of stored(log)) fold.fold(event);
      const touched = changes.touchedBy(changed, fold.ordinal);
      changed = [];
      return touched ?? noRecords(fold.ordinal);
    },
  };
}
