import { printable, shortInstant } from '../../cli/text-table.js';
import { differenceTable, notRead, renderUnreadable } from '../import/render-compare.js';
import { counted } from '../import/render-import.js';
import type { ComparisonStatus, Look } from './comparison-watch.js';

/** What the timer found, for a person. */
export function renderComparison({
  file,
  everySeconds,
  found,
  isOld,
  failure,
  failures,
  last,
}: ComparisonStatus): string {
  const written = found === undefined ? '' : `, written ${shortInstant(found.modifiedAt)}, ${found.bytes} bytes`;
  const old = isOld ? ['It is older than is allowed.'] : [];
  const head = [`${printable(file)}${written}; compared every ${everySeconds} s.`, ...old];
  const failed =
    failure === undefined
      ? []
      : [
          '',
          `Failed ${counted(failures, 'time')} in a row, last at ${shortInstant(failure.at)}:`,
          `  ${printable(failure.detail)}`,
        ];
  if (last === undefined)
    return [...head, ...failed, ...(failure === undefined ? ['Not compared yet.'] : [])].join('\n');
  const before = failure === undefined ? [] : ['', 'The last look that did not fail:'];
  return [...head, ...failed, ...before, ...ofLook(last)].join('\n');
}

function ofLook(look: Look): string[] {
  const { at, compared, missing, extra, different, standing, rejected, rejects, unread, differences } = look;
  const inAll = missing + extra + different;
  const told = `${shortInstant(at)}, event #${look.ordinal}: ${counted(compared, 'server')} compared: ${missing} missing in the map, ${extra} not in the file, ${different} different.`;
  const stays = inAll + rejected === 0 ? [] : [`${standing} of them for the second time.`];
  return [
    told,
    ...stays,
    ...notRead(unread),
    ...differenceTable(differences, inAll),
    ...renderUnreadable(rejects, rejected),
  ];
}
