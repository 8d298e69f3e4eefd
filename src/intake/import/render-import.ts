import { printable, textTable } from '../../cli/text-table.js';
import type { ImportReport, ToldReject } from './import-report.js';

/** What an import would publish, or did, for a person. */
export function renderImport(report: ImportReport): string {
  const { file, dryRun, rows, servers, rejected, unread } = report;
  const head = `${file}: ${counted(rows, 'row')}, ${counted(servers, 'server')}, ${rejected} rejected.`;
  const ignored = unread.length === 0 ? [] : [`Not read, for they mean no column: ${printable(unread.join(', '))}.`];
  const events = Object.entries(report.events).map(([type, count]) => [type, String(count)]);
  const told = dryRun ? 'Would be published:' : 'Published:';
  const table = events.length === 0 ? [] : ['', told, textTable([['EVENT', 'COUNT'], ...events], '  ')];
  return [
    head,
    ...ignored,
    ...table,
    ...rejects(report),
    ...conflicts(report),
    ...fates(report),
    '',
    ...ending(report),
  ].join('\n');
}

function rejects({ rejects: told, rejected }: ImportReport): string[] {
  if (rejected === 0) return [];
  return ['', 'Rejected:', rejectTable(told, rejected)];
}

/** The first rejects, and how many rows there are in all. */
export function rejectTable(told: readonly ToldReject[], rejected: number): string {
  const rows = told.map(({ place, column, reason }) => [place, column ?? '', reason]);
  const places = new Set(told.map(({ place }) => place)).size;
  const more = places < rejected ? `\n  and ${counted(rejected - places, 'more row')}` : '';
  return textTable([['WHERE', 'COLUMN', 'REASON'], ...rows], '  ') + more;
}

function conflicts({ conflicts: told, conflictsInAll }: ImportReport): string[] {
  if (told.length === 0) return [];
  const rows = told.map(({ serverId, claim, holder }) => [serverId, claim, holder]);
  const more = conflictsInAll > told.length ? [`  and ${conflictsInAll - told.length} more`] : [];
  const title = 'In conflict within the file; the row that comes first holds the claim:';
  return ['', title, textTable([['SERVER', 'CLAIM', 'HELD BY'], ...rows], '  '), ...more];
}

function fates({ fates: counts }: ImportReport): string[] {
  if (counts === undefined) return [];
  const rows = Object.entries(counts).flatMap(([model, those]) =>
    Object.entries(those).map(([fate, count]) => [model, String(count), fate]),
  );
  return ['', 'What became of every object:', textTable([['MODEL', 'COUNT', 'BECAME'], ...rows], '  ')];
}

function ending({ dryRun, engine }: ImportReport): string[] {
  if (!dryRun) {
    const { acknowledged = 0, refused = 0, conflicted = 0, limitedSeconds = 0 } = engine ?? {};
    const waiting = conflicted === 0 ? '' : ` (${conflicted} claim what another holds)`;
    const limited =
      limitedSeconds < 1
        ? []
        : [`It took ${limitedSeconds} s longer for the limit of one caller: limits.eventsPerSecond of the engine.`];
    return [`The engine acknowledged ${acknowledged} events${waiting} and refused ${refused}.`, ...limited];
  }
  const asked =
    engine === undefined
      ? []
      : [
          `The engine would take ${engine.acknowledged} events, ${engine.conflicted} of them with a claim that another server holds, and refuse ${engine.refused}.`,
        ];
  return [...asked, 'Nothing was published; --publish does.'];
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
