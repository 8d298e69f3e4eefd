import type { VNode } from 'preact';
import { Loading } from '../conditions.js';
import { Section } from '../detail-sections.js';
import { Link, Name } from '../text.js';
import type { Counted } from './counted.js';

/** How many events the log has of each beginning of streams and of each type. */
export function Streams({ counted }: { readonly counted: Counted | undefined }): VNode {
  if (counted === undefined)
    return (
      <Section title="Streams">
        <Loading what="the counts" />
      </Section>
    );
  const { size, counted: done, beginnings, types } = counted;
  return (
    <>
      <Section title="Streams">
        <p class="about" role="status">
          {done < size
            ? `${done.toLocaleString('en')} of ${size.toLocaleString('en')} events are counted so far.`
            : `${size.toLocaleString('en')} events.`}
        </p>
        <Counts
          name="Beginning"
          rows={beginnings.map(({ beginning, events }) => ({
            ...{ name: beginning, events },
            to: beginning.endsWith('-')
              ? { view: 'log' as const, beginning }
              : { view: 'log' as const, stream: beginning },
          }))}
        />
      </Section>
      <Section title="Types">
        <Counts
          name="Type"
          rows={types.map(({ type, events }) => ({ name: type, events, to: { view: 'log' as const, type } }))}
        />
      </Section>
    </>
  );
}

interface CountRow {
  readonly name: string;
  readonly events: number;
  readonly to: { readonly view: 'log' };
}

function Counts({ name, rows }: { readonly name: string; readonly rows: readonly CountRow[] }): VNode {
  return (
    <table class="log-counts">
      <thead>
        <tr>
          <th scope="col">{name}</th>
          <th scope="col">Events</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.name}>
            <td>
              <Link to={row.to}>
                <Name text={row.name} most={60} />
              </Link>
            </td>
            <td>{row.events.toLocaleString('en')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
