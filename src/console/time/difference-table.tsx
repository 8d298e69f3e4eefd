import type { VNode } from 'preact';
import { TableFrame } from '../data-table.js';
import { Link, Name } from '../text.js';
import { inWords } from '../violation.js';

interface Field {
  readonly field: string;
  readonly before?: string;
  readonly after?: string;
}

interface Line {
  readonly change: 'add' | 'remove';
  readonly line: string;
}

interface Difference {
  readonly kind: 'server' | 'violation';
  readonly serverId?: string;
  readonly violationId?: string;
  readonly fields: readonly Field[];
  readonly neighbours?: readonly Line[];
  readonly routes?: readonly Line[];
  readonly causes: readonly { readonly ordinal: number; readonly type: string }[];
}

export interface Differences {
  readonly count: number;
  readonly differences: readonly Difference[];
}

interface TableProps {
  readonly answer: Differences;
  readonly none: string;
  readonly before: string;
  readonly after: string;
}

/** What two maps tell otherwise, side by side, each with the events that made it. */
export function DifferenceTable({ answer: { count, differences }, none, before, after }: TableProps): VNode {
  if (count === 0) return <p class="none">{none}</p>;
  return (
    <>
      <p class="about">
        {count === 1 ? '1 differs' : `${count.toLocaleString('en')} differ`}
        {count > differences.length && `, the first ${differences.length} are shown`}
      </p>
      <TableFrame label="Differences" columns={['Of', 'What', before, after]} style="time-differences">
        {differences.map((one) => (
          <Rows key={`${one.kind} ${one.serverId ?? one.violationId}`} of={one} />
        ))}
      </TableFrame>
    </>
  );
}

function Rows({ of: one }: { readonly of: Difference }): VNode {
  const lines = [...(one.neighbours ?? []), ...(one.routes ?? [])];
  const rows = [
    ...one.fields.map(({ field, before, after }) => ({ what: inWords(field), before, after })),
    ...lines.map(({ change, line }) => ({
      what: 'line',
      before: change === 'remove' ? line : undefined,
      after: change === 'add' ? line : undefined,
    })),
  ];
  return (
    <tbody>
      {rows.map(({ what, before, after }, at) => (
        <tr key={`${what} ${before} ${after}`}>
          {at === 0 && (
            <th scope="rowgroup" rowSpan={rows.length}>
              <Name text={one.serverId ?? one.violationId ?? ''} most={40} />
              {one.causes.slice(0, 5).map(({ ordinal, type }) => (
                <span key={ordinal} class="time-cause">
                  <Link to={{ view: 'log', ordinal }}>
                    #{ordinal} <Name text={type} most={30} />
                  </Link>
                </span>
              ))}
            </th>
          )}
          <td>{what}</td>
          <td class={before === undefined ? 'none' : 'time-gone'}>
            {before === undefined ? '—' : <Name text={before} most={200} />}
          </td>
          <td class={after === undefined ? 'none' : 'time-come'}>
            {after === undefined ? '—' : <Name text={after} most={200} />}
          </td>
        </tr>
      ))}
    </tbody>
  );
}
