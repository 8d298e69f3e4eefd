import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useApp } from '../app-context.js';
import { ask } from '../api.js';
import { Severity, State } from '../marks.js';
import type { Binding } from '../port-facts.js';
import { may } from '../session.js';
import { shortText } from '../shown-text.js';
import { Instant, Link, Name } from '../text.js';
import { inWords, ruleTitle, type Violation } from '../violation.js';
import { Asked } from './asked.js';
import { DifferenceTable, type Differences } from './difference-table.js';
import { mapFilterNames, type TimePlace } from './time-place.js';
import { useAnswer } from './use-answer.js';

interface PanelProps {
  readonly place: TimePlace;
  /** Ordinal of the last event that counts. */
  readonly at: number;
}

interface OpenViolation extends Pick<Violation, 'violationId' | 'severity' | 'rule' | 'state'> {
  readonly port?: string;
  readonly claimedAddress?: string;
  readonly count: number;
  readonly lastSeen: string;
}

interface MapAnswer {
  readonly bindings: readonly Binding[];
  readonly next?: string;
  readonly desired?: {
    readonly lines: readonly string[];
    readonly withheld: readonly { readonly serverId: string; readonly what: string; readonly reason: string }[];
  };
  readonly open?: { readonly total: number; readonly violations: readonly OpenViolation[] };
}

/** The question about the map at the moment, on both axes. */
function questionOf({ valid }: TimePlace, at: number, more: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams({ knownAt: `#${at}`, ...(valid !== undefined && { at: valid }), ...more });
  return `/v1/audit/at?${query.toString()}`;
}

/** What one event changed: the difference between the map before it and the map with it. */
export function EventPanel({ at }: PanelProps): VNode {
  const before = at === 0 ? undefined : `/v1/audit/diff?from=%23${at - 1}&to=%23${at}&limit=50`;
  const event = useAnswer<{ events: { ordinal: number; type: string; stream: string; metadata: { time?: string } }[] }>(
    `/v1/log?limit=1&backwards=true&after=%23${at + 1}`,
  );
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
            {bindings.length === 0 ? <p class="none">Nobody fits.</p> : <Bindings bindings={bindings} />}
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

function Bindings({ bindings }: { readonly bindings: readonly Binding[] }): VNode {
  return (
    <div class="scrolls" tabIndex={0} role="region" aria-label="The map">
      <table>
        <thead>
          <tr>
            {['Server', 'State', 'Customer', 'Port', 'MAC', 'Link', 'Addresses and prefixes'].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {bindings.map((one) => (
            <tr key={one.serverId}>
              <td>
                <Name text={one.serverId} />
              </td>
              <td>{shortText(one.state, 30)}</td>
              <td>
                <Name text={one.customerId ?? ''} />
              </td>
              <td>
                {one.port !== undefined && (
                  <Link to={{ view: 'port', port: one.port }}>{<Name text={one.port} />}</Link>
                )}
              </td>
              <td class="code">
                <Name text={one.mac ?? ''} />
              </td>
              <td>{shortText(one.link, 30)}</td>
              <td class="code">
                <Name
                  text={[
                    ...one.addresses.map(({ address }) => address),
                    ...one.prefixes.map(({ prefix }) => prefix),
                  ].join(', ')}
                  most={200}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What one device should have had at the moment. */
export function DevicePanel({ place, at }: PanelProps): VNode {
  const { go, session } = useApp();
  const [names, setNames] = useState<readonly string[]>([]);
  const { device } = place;
  useEffect(() => {
    const ending = new AbortController();
    if (may(session, 'GET /v1/devices'))
      ask<{ devices: { device: string }[] }>('/v1/devices', { signal: ending.signal }).then(
        ({ devices }) => setNames(devices.map((one) => one.device)),
        () => undefined,
      );
    return () => ending.abort();
  }, [session]);
  const chosen = device ?? names[0];
  const answer = useAnswer<MapAnswer>(
    chosen === undefined ? undefined : questionOf(place, at, { device: chosen, limit: '1' }),
  );
  return (
    <>
      <label class="choice">
        <span>Device</span>
        <select value={chosen} onChange={(event) => go({ ...place, device: event.currentTarget.value })}>
          {[...new Set([...names, ...(device === undefined ? [] : [device])])].map((name) => (
            <option key={name} value={name}>
              {shortText(name, 60)}
            </option>
          ))}
        </select>
      </label>
      {chosen === undefined && <p class="none">No device is configured.</p>}
      <Asked answer={answer} what="the configuration">
        {({ desired }) => (
          <>
            <p class="about">What it should have had, in the notation of plans and the journal.</p>
            <pre class="code log-raw" tabIndex={0} aria-label="Desired configuration">
              {desired === undefined || desired.lines.length === 0
                ? 'nothing'
                : desired.lines.map((line) => shortText(line, 300)).join('\n')}
            </pre>
            {desired !== undefined && desired.withheld.length > 0 && (
              <ul class="plain">
                {desired.withheld.map((one) => (
                  <li key={`${one.serverId} ${one.what}`}>
                    <Name text={one.serverId} />: <Name text={one.what} /> not there:{' '}
                    <Name text={one.reason} most={200} />
                  </li>
                ))}
              </ul>
            )}
          </>
        )}
      </Asked>
    </>
  );
}

/** The violations that were open at the moment. */
export function ViolationsPanel({ place, at }: PanelProps): VNode {
  const answer = useAnswer<MapAnswer>(questionOf(place, at, { violations: 'true', limit: '1' }));
  return (
    <Asked answer={answer} what="the violations">
      {({ open }) =>
        open === undefined || open.total === 0 ? (
          <p class="none">No violation was open then.</p>
        ) : (
          <>
            <p class="about">
              {open.total.toLocaleString('en')} open
              {open.total > open.violations.length && `, the ${open.violations.length} heard last are shown`}
            </p>
            <ul class="violations">
              {open.violations.map(({ violationId, severity, rule, port, claimedAddress, state, lastSeen }) => (
                <li key={violationId}>
                  <Link to={{ view: 'feed', filter: {}, open: violationId }}>
                    <Severity name={severity} /> {ruleTitle(rule)} <Name text={claimedAddress ?? ''} />{' '}
                    <Name text={port ?? ''} />
                  </Link>
                  <span class="after">
                    <State name={state} /> <Instant at={lastSeen} />
                  </span>
                </li>
              ))}
            </ul>
          </>
        )
      }
    </Asked>
  );
}

/** Two moments side by side. */
export function DifferencePanel({ place, at }: PanelProps): VNode {
  const { go, say } = useApp();
  const other = place.other;
  const [from, to] = other === undefined ? [at, at] : [Math.min(at, other), Math.max(at, other)];
  const answer = useAnswer<Differences>(
    other === undefined || other === at ? undefined : `/v1/audit/diff?from=%23${from}&to=%23${to}&limit=200`,
  );
  const choose = (text: string): void => {
    const found = /^#?(\d{1,15})$/.exec(text.trim())?.[1];
    if (found === undefined) say('A moment is named by its number, such as #123.', 'failed');
    else go({ ...place, other: Number(found) });
  };
  return (
    <>
      <form class="time-filters" onSubmit={(event) => event.preventDefault()}>
        <label>
          Compare with
          <input
            type="text"
            placeholder="#123"
            value={other === undefined ? '' : `#${other}`}
            onChange={(event) => choose(event.currentTarget.value)}
          />
        </label>
        <button type="button" onClick={() => go({ ...place, at, other: at })}>
          Keep #{at} as the other moment
        </button>
      </form>
      {(other === undefined || other === at) && (
        <p class="none">Choose another moment: keep this one, and move the slider.</p>
      )}
      <Asked answer={answer} what="the difference">
        {(difference) => (
          <DifferenceTable
            answer={difference}
            none="The two maps say the same."
            before={`At #${from}`}
            after={`At #${to}`}
          />
        )}
      </Asked>
    </>
  );
}
