import type { VNode } from 'preact';
import { Instant, Link, Name } from '../text.js';
import { Asked } from './asked.js';
import { DifferenceTable, type Differences } from './difference-table.js';
import type { PanelProps } from './panel.js';
import { useAnswer } from './use-answer.js';

interface Told {
  readonly events: readonly {
    readonly ordinal: number;
    readonly type: string;
    readonly stream: string;
    readonly metadata: { readonly time?: string };
  }[];
}

/** What one event changed: the difference between the map before it and the map with it. */
export function EventPanel({ at }: PanelProps): VNode {
  const before = at === 0 ? undefined : `/v1/audit/diff?from=%23${at - 1}&to=%23${at}&limit=50`;
  const event = useAnswer<Told>(`/v1/log?limit=1&backwards=true&after=%23${at + 1}`);
  const changed = useAnswer<Differences>(before);
  return (
    <>
      <Asked answer={event} what="the event">
        {({ events: [one] }) =>
          one === undefined ? (
            <p class="none">The log has no such event.</p>
          ) : (
            <p class="sentence">
              <Link to={{ view: 'log', ordinal: one.ordinal }}>
                #{one.ordinal} <Name text={one.type} />
              </Link>{' '}
              in <Name text={one.stream} />, true since <Instant at={String(one.metadata.time ?? '')} />
            </p>
          )
        }
      </Asked>
      <Asked answer={changed} what="what it changed">
        {(difference) => (
          <DifferenceTable
            answer={difference}
            none="It changed nothing on the map."
            before="Before it"
            after="With it"
          />
        )}
      </Asked>
    </>
  );
}
