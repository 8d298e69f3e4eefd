import type { VNode } from 'preact';
import { DataTable } from '../data-table.js';
import { shortText } from '../shown-text.js';
import { Instant, Link, Name } from '../text.js';
import { barsOf, type Interval, rowOf } from './entity.js';
import { EventLink } from './event-link.js';
import { OnDevices } from './on-devices.js';

const [width, rowHeight, gap] = [1_000, 22, 6];

/** Who had it when, drawn, and the same as a table. */
export function TimeLine({ intervals }: { readonly intervals: readonly Interval[] }): VNode {
  const { rows, bars } = barsOf(intervals, Date.now());
  return (
    <>
      <svg
        class="time-line"
        viewBox={`0 0 ${width} ${rows.length * rowHeight}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${intervals.length} stretches of ${rows.length} holders, told in the table below`}
      >
        {bars.map(({ row, from, width: part }, index) => (
          <rect
            key={index}
            class={`row-${row % 4} ${intervals[index]?.role ?? ''}`}
            x={from * width}
            y={row * rowHeight + gap / 2}
            width={part * width}
            height={rowHeight - gap}
          >
            <title>{shortText(intervals[index] === undefined ? '' : rowOf(intervals[index]))}</title>
          </rect>
        ))}
      </svg>
      <DataTable
        label="Who had it when"
        columns={['From', 'To', 'Who', 'Port', 'State', 'Began by', 'Ended by', 'On devices']}
        rows={intervals}
        keyOf={(one) => `${one.from} ${rowOf(one)} ${one.what}`}
        cells={cellsOf}
      />
    </>
  );
}

const cellsOf = (one: Interval): VNode => (
  <>
    <td>
      <Instant at={one.from} />
    </td>
    <td>{one.to === undefined ? 'now' : <Instant at={one.to} />}</td>
    <td>
      {one.serverId === undefined ? (
        <Name text={rowOf(one)} />
      ) : (
        <Link to={{ view: 'entity', kind: 'server', name: one.serverId }}>
          <Name text={one.serverId} />
        </Link>
      )}
      {one.role === 'waiting' && ' (waits)'} {one.customerId !== undefined && <Name text={one.customerId} />}
    </td>
    <td>
      {one.port !== undefined && (
        <Link to={{ view: 'port', port: one.port }}>
          <Name text={one.port} />
        </Link>
      )}
    </td>
    <td>{shortText(one.state ?? '')}</td>
    <td>
      <Facts facts={one.opened} />
    </td>
    <td>
      <Facts facts={one.closed} />
    </td>
    <td>
      <OnDevices sure={one.sure} />
    </td>
  </>
);

function Facts({ facts }: { readonly facts: Interval['opened'] }): VNode {
  return (
    <>
      {facts.map((fact) => (
        <div key={fact.ordinal}>
          <EventLink fact={fact} />
        </div>
      ))}
    </>
  );
}
