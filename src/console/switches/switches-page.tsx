import type { VNode } from 'preact';
import { ask } from '../api.js';
import { useApp } from '../app-context.js';
import { Empty } from '../conditions.js';
import { ListPage } from '../list-page.js';
import { shortText } from '../shown-text.js';
import { Link, Name } from '../text.js';
import { usePolled } from '../use-polled.js';
import '../style/switches.css';
import { Legend, StateMark } from './legend.js';
import { portStates, type StateCounts, titles } from './port-states.js';
import type { SwitchesPlace } from './switches-place.js';

type Place = Extract<SwitchesPlace, { view: 'switches' }>;

interface SwitchRow {
  readonly switch: string;
  readonly site: string;
  readonly ports: number;
  readonly counts: StateCounts;
  readonly devices: readonly { readonly device: string; readonly mode: string; readonly state: string }[];
}

interface SwitchList {
  readonly switches: readonly SwitchRow[];
  readonly totals: StateCounts;
  readonly counted: number;
  readonly of: number;
  readonly next?: string;
}

/** Every switch, with how many of its ports are in each state. */
export function SwitchesPage({ place }: { readonly place: Place }): VNode {
  const { go } = useApp();
  const asked = new URLSearchParams();
  if (place.text !== undefined) asked.set('q', place.text);
  if (place.state !== undefined) asked.set('state', place.state);
  if (place.after !== undefined) asked.set('after', place.after);
  const path = `/v1/switches?${asked.toString()}`;
  const polled = usePolled((signal) => ask<SwitchList>(path, { signal }), path);
  const { after: _after, ...fromStart } = place;
  return (
    <ListPage
      name="Switches"
      style="switch-page"
      polled={polled}
      find={{
        ...{ label: 'Find a switch', placeholder: 'name of a switch', text: place.text },
        onFind: (wanted) =>
          go({
            view: 'switches',
            ...(wanted !== undefined && { text: wanted }),
            ...(place.state !== undefined && { state: place.state }),
          }),
      }}
    >
      {(value) => (
        <>
          <Legend
            counts={value.totals}
            state={place.state}
            onFilter={(state) => {
              const { state: _state, ...others } = fromStart;
              go({ ...others, ...(state !== undefined && { state }) }, 'replace');
            }}
          />
          {value.counted < value.of && (
            <p class="about" role="status">
              Counted so far: {value.counted} of {value.of} switches.
            </p>
          )}
          {value.of === 0 ? (
            <Empty title="No switch yet">
              <p>Billing named no port, and the configuration no gateway. What either names appears here by itself.</p>
            </Empty>
          ) : (
            value.switches.length === 0 && value.next === undefined && <Empty title="No switch fits" />
          )}
          <ul class="switch-cards">
            {value.switches.map((row) => (
              <Card key={row.switch} row={row} />
            ))}
          </ul>
          {(place.after ?? value.next) !== undefined && (
            <nav class="more" aria-label="More switches">
              {place.after !== undefined && <Link to={fromStart}>From the start</Link>}
              {value.next !== undefined && <Link to={{ ...fromStart, after: value.next }}>More switches</Link>}
            </nav>
          )}
        </>
      )}
    </ListPage>
  );
}

function Card({ row }: { readonly row: SwitchRow }): VNode {
  const { switch: name, site, ports, counts, devices } = row;
  const there = portStates.filter((state) => counts[state] > 0);
  const boxes = devices.map(({ device, mode, state }) => `${device === name ? '' : `${device} `}${mode}, ${state}`);
  return (
    <li class="switch-card">
      <h2>
        <Link to={{ view: 'switch', switch: name }}>
          <Name text={name} />
        </Link>
        <span class="ports">{ports === 0 ? 'no ports' : `${ports} port${ports === 1 ? '' : 's'}`}</span>
      </h2>
      <Bar counts={counts} ports={ports} />
      <ul class="state-counts">
        {there.map((state) => (
          <li key={state}>
            <StateMark state={state} /> {counts[state]} {titles[state]}
          </li>
        ))}
      </ul>
      <p class="about">
        {shortText([`site ${site}`, boxes.length === 0 ? 'no device' : boxes.join('; ')].join(' · '), 160)}
      </p>
    </li>
  );
}

/** How much of the switch is in each state; the counts below say the same in words. */
function Bar({ counts, ports }: { readonly counts: StateCounts; readonly ports: number }): VNode {
  let x = 0;
  return (
    <svg class="state-bar" viewBox={`0 0 ${Math.max(ports, 1)} 1`} preserveAspectRatio="none" aria-hidden="true">
      {portStates.map((state) => {
        const from = x;
        x += counts[state];
        return counts[state] === 0 ? null : (
          <rect key={state} class={state} x={from} y={0} width={counts[state]} height={1} />
        );
      })}
    </svg>
  );
}
