import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ask } from '../api.js';
import { useApp } from '../app-context.js';
import { may } from '../session.js';
import { shortText } from '../shown-text.js';
import { Name } from '../text.js';
import { Asked } from './asked.js';
import { questionOf, type PanelProps } from './panel.js';
import { useAnswer } from './use-answer.js';

interface DesiredAnswer {
  readonly desired?: {
    readonly lines: readonly string[];
    readonly withheld: readonly { readonly serverId: string; readonly what: string; readonly reason: string }[];
  };
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
  const answer = useAnswer<DesiredAnswer>(
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
