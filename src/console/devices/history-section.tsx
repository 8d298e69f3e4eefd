import type { VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { ask, sentenceOf } from '../api.js';
import { Section } from '../detail-sections.js';
import { Instant, Name } from '../text.js';
import { type HistoryEntry, type HistoryLine, type HistoryPage, reconcileInWords } from './device-facts.js';
import { historyPath } from './read-device.js';
import { Cause, Standing } from './standing.js';

const keyOf = ({ planId, kind, at }: HistoryEntry): string => planId ?? `${kind} ${at}`;

/** What was done to the device, newest first, and what reading back showed of it. */
export function HistorySection({ device, page }: { readonly device: string; readonly page: HistoryPage }): VNode {
  const [older, setOlder] = useState<HistoryPage>();
  const [problem, setProblem] = useState<string>();
  const isAsking = useRef(false);
  const next = older === undefined ? page.next : older.next;
  const newest = new Set(page.entries.map(keyOf));
  const entries = [...page.entries, ...(older?.entries ?? []).filter((one) => !newest.has(keyOf(one)))];
  const readOlder = async (): Promise<void> => {
    if (isAsking.current || next === undefined) return;
    isAsking.current = true;
    try {
      const more = await ask<HistoryPage>(historyPath(device, next));
      // What the first page held moves on while it is looked at: it is kept with what is older.
      const known = older?.entries ?? page.entries;
      setOlder({ entries: [...known, ...more.entries], ...(more.next !== undefined && { next: more.next }) });
      setProblem(undefined);
    } catch (error) {
      setProblem(sentenceOf(error));
    } finally {
      isAsking.current = false;
    }
  };
  return (
    <Section title="History">
      {entries.length === 0 && <p class="none">Nothing was pushed to it yet.</p>}
      <ol class="reconciles">
        {entries.map((entry) => (
          <li key={keyOf(entry)}>
            {entry.kind === 'reconcile' ? <Reconcile entry={entry} /> : <Word entry={entry} />}
          </li>
        ))}
      </ol>
      {problem !== undefined && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      {next !== undefined && (
        <button type="button" onClick={() => void readOlder()}>
          Show older
        </button>
      )}
    </Section>
  );
}

function Reconcile({ entry }: { readonly entry: HistoryEntry }): VNode {
  const { finishedAt, startedAt, outcome, by, error, lines = [], count } = entry;
  const at = finishedAt ?? startedAt;
  return (
    <>
      <p>
        {at !== undefined && <Instant at={at} />} <Standing name={outcome ?? 'starting'} /> {reconcileInWords(entry)}
        {by !== undefined && (
          <>
            , approved by <Name text={by} />
          </>
        )}
      </p>
      {error !== undefined && (
        <p class="bad">
          <Name text={error} most={300} />
        </p>
      )}
      {lines.length > 0 && (
        <details>
          <summary>{lines.length < (count?.lines ?? 0) ? `The first ${lines.length} lines` : 'Lines'}</summary>
          <ul class="plain">
            {lines.map((line) => (
              <li key={`${line.change} ${line.line}`}>
                <PushedLine line={line} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function PushedLine({ line: { change, line, readBack, because } }: { readonly line: HistoryLine }): VNode {
  const isWanted = readBack === (change === 'add' ? 'present' : 'absent');
  return (
    <>
      <span class="code">
        {change === 'add' ? '+' : '−'} <Name text={line} most={160} />
      </span>{' '}
      <Standing
        name={isWanted ? 'confirmed' : readBack === 'unknown' ? 'unknown' : 'failed'}
        text={`read back: ${readBack === 'unknown' ? 'not known' : readBack}`}
      />{' '}
      <span class="none">
        because of <Cause because={because} />
      </span>
    </>
  );
}

const said: Readonly<Record<string, string>> = {
  frozen: 'Frozen',
  resumed: 'Resumed',
  adopted: 'Adopted',
  moved: 'Moved here',
};

function Word({ entry: { kind, at, by, text } }: { readonly entry: HistoryEntry }): VNode {
  return (
    <p>
      {at !== undefined && <Instant at={at} />} <strong>{said[kind] ?? kind}</strong>
      {by !== undefined && (
        <>
          {' '}
          by <Name text={by} />
        </>
      )}
      {text !== undefined && (
        <>
          : <Name text={text} most={240} />
        </>
      )}
    </p>
  );
}
