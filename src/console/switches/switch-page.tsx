import type { VNode } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { sentenceOf } from '../api.js';
import { useApp } from '../app-context.js';
import { Empty, Loading, Trouble } from '../conditions.js';
import { Freshness } from '../freshness.js';
import { shownInstant, zoneName } from '../instant.js';
import { shortText } from '../shown-text.js';
import { Link, Name } from '../text.js';
import '../style/switches.css';
import type { Front, FrontPort } from './front.js';
import { Legend, StateMark } from './legend.js';
import { metalOf } from './metal.js';
import { type PictureColours, pictureOf } from './panel-picture.js';
import { pngOf, saveAs } from './picture-file.js';
import { PortCard } from './port-card.js';
import { PortGrid } from './port-grid.js';
import { portStates, type PortState, statesIn, titles } from './port-states.js';
import type { SwitchesPlace } from './switches-place.js';
import { useFront } from './use-front.js';

type Place = Extract<SwitchesPlace, { view: 'switch' }>;

/** The front of one switch, as it hangs in the rack. */
export function SwitchPage({ place }: { readonly place: Place }): VNode {
  const polled = useFront(place.switch);
  const { value, why, again } = polled;
  useEffect(() => void (document.title = `${shortText(place.switch, 60)} · portledger`), [place.switch]);
  return (
    <div class="switch-page">
      <header>
        <h1>
          <Link to={{ view: 'switches' }}>Switches</Link> / <Name text={place.switch} />
        </h1>
        {value !== undefined && <About front={value} />}
        <Freshness polled={polled} />
        {value !== undefined && <Paper front={value} />}
      </header>
      {value === undefined && why === undefined && <Loading what="the switch" />}
      {value === undefined && why !== undefined && (
        <Trouble title="The switch cannot be shown" detail={why} onRetry={again} />
      )}
      {value !== undefined && <OpenFront key={place.switch} front={value} place={place} />}
    </div>
  );
}

function About({ front: { site, devices, panel } }: { readonly front: Front }): VNode {
  const boxes = devices.map(({ device, mode, state }) => `${device}: ${mode}, ${state}`);
  const layout = panel.layout === undefined ? [] : [`layout ${panel.layout}`];
  return (
    <p class="about">
      {shortText([`site ${site}`, ...(boxes.length === 0 ? ['no device'] : boxes), ...layout].join(' · '), 200)}
    </p>
  );
}

/** What can be carried away: a print-out, or a picture. */
function Paper({ front }: { readonly front: Front }): VNode {
  const { say, preferences } = useApp();
  const save = async (): Promise<void> => {
    const now = new Date().toISOString();
    const at = `${shownInstant(now, preferences.zone)} ${zoneName(preferences.zone)}`;
    saveAs(await pngOf(pictureOf(front, at, coloursNow())), `${front.switch}-${now.slice(0, 16).replace(':', '')}.png`);
  };
  return (
    <span class="paper">
      <button type="button" onClick={() => print()}>
        Print
      </button>
      <button
        type="button"
        onClick={() => void save().catch((error: unknown) => say(sentenceOf(error), 'failed'))}
        aria-label="Save as PNG"
      >
        PNG
      </button>
    </span>
  );
}

function OpenFront({ front, place }: { readonly front: Front; readonly place: Place }): VNode {
  const { go } = useApp();
  const { panel, ports } = front;
  const groups = useMemo(() => metalOf(panel.blocks), [panel]);
  const byName = useMemo(() => new Map(ports.map((port) => [port.interface, port])), [ports]);
  const [focused, setFocused] = useState<string>();
  const [pointed, setPointed] = useState<string>();
  const states = statesIn(place.state);
  const first = worstOf(ports);
  if (first === undefined) return <Empty title="No port is known" />;
  const current = focused !== undefined && byName.has(focused) ? focused : first.interface;
  const shown = byName.get(pointed ?? current) ?? first;
  const look = (name: string, how: 'point' | 'focus'): void => {
    if (how === 'focus') setFocused(name);
    setPointed(name);
  };
  return (
    <>
      <PortGrid
        label={`Ports of ${front.switch}`}
        groups={groups}
        ports={byName}
        states={states}
        current={current}
        onLook={look}
        onOpen={(port) => go({ view: 'port', port })}
      />
      <Legend
        counts={front.counts}
        state={place.state}
        onFilter={(state) =>
          go({ view: 'switch', switch: place.switch, ...(state !== undefined && { state }) }, 'replace')
        }
      />
      <div class="front-panes">
        <PortCard port={shown} />
        <Noted ports={ports} states={states} />
      </div>
    </>
  );
}

const isWrong = ({ state }: FrontPort): boolean => state !== 'matched' && state !== 'free';
const byBadness = (a: FrontPort, b: FrontPort): number => portStates.indexOf(a.state) - portStates.indexOf(b.state);

/** The port to look at first; of equally bad ones the first on the metal. */
const worstOf = (ports: readonly FrontPort[]): FrontPort | undefined =>
  ports.filter(isWrong).toSorted(byBadness)[0] ?? ports[0];

/** The ports that somebody should look at, or those of the filter, worst first. */
function Noted({
  ports,
  states,
}: {
  readonly ports: readonly FrontPort[];
  readonly states: readonly PortState[];
}): VNode {
  const chosen = ports.filter((port) => (states.length === 0 ? isWrong(port) : states.includes(port.state)));
  const noted = chosen.toSorted(byBadness);
  const title = states.length === 0 ? 'Not as it should be' : states.map((state) => titles[state]).join(', ');
  return (
    <section class="noted" aria-label={title}>
      <h2>
        {title} <span class="count">{noted.length}</span>
      </h2>
      {noted.length === 0 && <p class="none">No port.</p>}
      <ul>
        {noted.map(({ port, interface: name, state, why, servers: [server] }) => (
          <li key={port}>
            <StateMark state={state} />
            <span>
              <Link to={{ view: 'port', port }}>
                <Name text={name} />
              </Link>{' '}
              {titles[state]}
              {server !== undefined && (
                <>
                  {' · '}
                  <Name text={server.serverId} />
                </>
              )}
              <span class="why">{shortText(why, 240)}</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The colours as the page has them now, light or dark. */
function coloursNow(): PictureColours {
  const page = getComputedStyle(document.body);
  const soft = document.querySelector('.switch-page .about');
  const of = Object.fromEntries(
    portStates.map((state) => {
      const mark = document.querySelector(`.legend [data-state="${state}"] .port-state`);
      return [state, mark === null ? page.color : getComputedStyle(mark).color];
    }),
  ) as Record<PortState, string>;
  return {
    ground: page.backgroundColor,
    text: page.color,
    soft: soft === null ? page.color : getComputedStyle(soft).color,
    of,
  };
}
