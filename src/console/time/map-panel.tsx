import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useApp } from '../app-context.js';
import { DataTable } from '../data-table.js';
import type { Binding } from '../port-facts.js';
import { shortText } from '../shown-text.js';
import { Link, Name } from '../text.js';
import { inWords } from '../violation.js';
import { Asked } from './asked.js';
import { questionOf, type PanelProps } from './panel.js';
import { mapFilterNames } from './time-place.js';
import { useAnswer } from './use-answer.js';

interface MapAnswer {
  readonly bindings: readonly Binding[];
  readonly next?: string;
}

/** Who had what at the moment. */
export function MapPanel({ place, at }: PanelProps): VNode {
  const { go } = useApp();
  const [pages, setPages] = useState<readonly string[]>([]);
  const filters = Object.fromEntries(
    mapFilterNames.flatMap((name) => (place[name] === undefined ? [] : [[name, place[name]]])),
  ) as Readonly<Record<string, string>>;
  const whole = questionOf(place, at, filters);
  useEffect(() => setPages([]), [whole]);
  const cursor = pages.at(-1);
  const answer = useAnswer<MapAnswer>(
    questionOf(place, at, { ...filters, limit: '100', ...(cursor !== undefined && { cursor }) }),
  );
  return (
    <>
      <form class="time-filters" role="search" onSubmit={(event) => event.preventDefault()}>
        {mapFilterNames.map((name) => (
          <label key={name}>
            {inWords(name)}
            <input
              type="text"
              spellcheck={false}
              maxLength={100}
              value={place[name] ?? ''}
              onChange={(event) => {
                const { [name]: _gone, ...rest } = place;
                const text = event.currentTarget.value.trim();
                go(text === '' ? rest : { ...rest, [name]: text });
              }}
            />
          </label>
        ))}
      </form>
      <Asked answer={answer} what="the map">
        {({ bindings, next }) => (
          <>
            <DataTable
              label="The map"
              columns={['Server', 'State', 'Customer', 'Port', 'MAC', 'Link', 'Addresses and prefixes']}
              rows={bindings}
              keyOf={({ serverId }) => serverId}
              cells={cellsOf}
              none={Object.keys(filters).length === 0 ? 'Nobody was sold anything then.' : 'Nobody fits.'}
            />
            <div class="buttons">
              {pages.length > 0 && (
                <button type="button" onClick={() => setPages([])}>
                  First page
                </button>
              )}
              {next !== undefined && (
                <button type="button" onClick={() => setPages([...pages, next])}>
                  Next page
                </button>
              )}
            </div>
          </>
        )}
      </Asked>
    </>
  );
}

const cellsOf = (one: Binding): VNode => (
  <>
    <td>
      <Name text={one.serverId} />
    </td>
    <td>{shortText(one.state, 30)}</td>
    <td>
      <Name text={one.customerId ?? ''} />
    </td>
    <td>{one.port !== undefined && <Link to={{ view: 'port', port: one.port }}>{<Name text={one.port} />}</Link>}</td>
    <td class="code">
      <Name text={one.mac ?? ''} />
    </td>
    <td>{shortText(one.link, 30)}</td>
    <td class="code">
      <Name
        text={[...one.addresses.map(({ address }) => address), ...one.prefixes.map(({ prefix }) => prefix)].join(', ')}
        most={200}
      />
    </td>
  </>
);
