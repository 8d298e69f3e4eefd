import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Action } from './actions.js';
import { ask, post, Problem, sentenceOf } from './api.js';
import { useApp } from './app-context.js';
import { Loading, Trouble } from './conditions.js';
import { DetailSections } from './detail-sections.js';
import { Severity, State } from './marks.js';
import { oneAtATime } from './one-at-a-time.js';
import { Instant, Name } from './text.js';
import { type Muted, ruleTitle, type Violation } from './violation.js';
import { comparePositions } from './position.js';
import type { Detail, Known } from './violation-facts.js';

interface DetailProps {
  readonly id: string;
  /** The violation as the list has it; undefined where the list does not. */
  readonly row: Violation | undefined;
  readonly actions: readonly Action[];
  readonly mayMute: boolean;
  readonly onAction: (action: Action, violation: Violation) => void;
  readonly onMute: (violation: Violation) => void;
  readonly onUnmuted: () => void;
  readonly onClose: () => void;
}

/** One violation beside the list: what was heard, who is who, and what was done. */
export function ViolationDetail({
  id,
  row,
  actions,
  mayMute,
  onAction,
  onMute,
  onUnmuted,
  onClose,
}: DetailProps): VNode {
  const { say } = useApp();
  const { detail, why, ask: askAgain } = useDetail(id, row);
  const heading = useRef<HTMLHeadingElement>(null);
  const violation = newest(row, detail);

  const unmute = (muted: Muted | undefined): void => {
    if (muted === undefined) return;
    post(`/v1/mutes/${encodeURIComponent(muted.muteId)}/end`).then(
      () => {
        say('The mute has ended.');
        askAgain();
        onUnmuted();
      },
      (error: unknown) => say(`Not done: ${sentenceOf(error)}`, 'failed'),
    );
  };
  const copyLink = (): void =>
    void navigator.clipboard.writeText(location.href).then(
      () => say('The link is copied.'),
      () => say('The browser does not let the link be copied.', 'failed'),
    );

  return (
    <aside class="detail" aria-label="Violation">
      <header>
        <h2 ref={heading} tabIndex={-1}>
          {violation === undefined ? 'Violation' : ruleTitle(violation.rule)}
        </h2>
        <button type="button" class="quiet" onClick={copyLink}>
          Copy link
        </button>
        <button type="button" class="quiet" onClick={onClose}>
          Close <kbd>Esc</kbd>
        </button>
      </header>
      {violation === undefined && why === undefined && <Loading what="the violation" />}
      {violation === undefined && why !== undefined && (
        <Trouble title="The violation cannot be shown" detail={why} onRetry={askAgain} />
      )}
      {violation !== undefined && (
        <>
          <p class="marks">
            <Severity name={violation.severity} />
            <State name={violation.state} />
            {violation.muted !== undefined && (
              <span>
                muted until <Instant at={violation.muted.until} />: <Name text={violation.muted.reason} />
              </span>
            )}
            {violation.asksForException === true && <span class="tag">heard again: grant an exception</span>}
            {violation.ticket !== undefined && /^https?:/.test(violation.ticket) && (
              <a href={violation.ticket} target="_blank" rel="noopener noreferrer">
                ticket <Name text={violation.ticket} most={40} />
              </a>
            )}
            {violation.assignee !== undefined && (
              <span>
                assigned to <Name text={violation.assignee} />
              </span>
            )}
          </p>
          <p class="sentence">
            <Name text={detail?.known?.why ?? violation.detail} most={600} />
          </p>
          {(actions.length > 0 || mayMute) && (
            <div class="buttons" role="group" aria-label="Actions on this violation">
              {actions
                .filter((action) => action.fits(violation))
                .map((action) => (
                  <button key={action.name} type="button" onClick={() => onAction(action, violation)}>
                    {action.label} <kbd>{action.key}</kbd>
                  </button>
                ))}
              {mayMute && (
                <button type="button" onClick={() => onMute(violation)}>
                  Mute <kbd>m</kbd>
                </button>
              )}
              {mayMute && violation.muted !== undefined && (
                <button type="button" onClick={() => unmute(violation.muted)}>
                  End the mute
                </button>
              )}
            </div>
          )}
          <DetailSections violation={violation} detail={detail} />
        </>
      )}
    </aside>
  );
}

/** Billing's answer to a containment is stored about the server, not about the violation: it is asked for; ms. */
const billingEveryMs = 3_000;
/** What is shown is read again this much later at the earliest, ms. */
const detailRestMs = 250;

/** The detail, asked for again whenever something was stored about it, and while billing's answer is awaited. */
function useDetail(
  id: string,
  row: Violation | undefined,
): { readonly detail: Detail | undefined; readonly why: string | undefined; readonly ask: () => void } {
  const [detail, setDetail] = useState<Detail>();
  const [why, setWhy] = useState<string>();
  const reader = useRef<() => void>(() => undefined);
  useEffect(() => {
    const ending = new AbortController();
    const { signal } = ending;
    const path = `/v1/violations/${encodeURIComponent(id)}`;
    const read = async (): Promise<void> => {
      if (signal.aborted) return;
      try {
        const [own, known] = await Promise.all([
          ask<Detail>(path, { signal }),
          ask<Known>(`${path}/detail`, { signal }),
        ]);
        setDetail({ ...own, known });
        setWhy(undefined);
      } catch (error) {
        if (signal.aborted) return;
        setWhy(error instanceof Problem && error.status === 404 ? 'There is no such violation.' : sentenceOf(error));
      }
    };
    // An attack that goes on changes the row faster than the engine answers.
    reader.current = oneAtATime(read, detailRestMs);
    return () => ending.abort();
  }, [id]);
  const { position, muted, renumbering } = row ?? {};
  useEffect(() => reader.current(), [id, position, muted?.muteId, renumbering?.renumberingId, renumbering?.state]);
  const isAwaited = detail?.known?.containment?.state === 'requested';
  useEffect(() => {
    if (!isAwaited) return undefined;
    const timer = setInterval(() => reader.current(), billingEveryMs);
    return () => clearInterval(timer);
  }, [isAwaited]);
  return { detail, why, ask: () => reader.current() };
}

/** The list may be ahead of the answer; of the same position the answer was asked for later, and mutes have no position. */
function newest(row: Violation | undefined, detail: Detail | undefined): Violation | undefined {
  if (row === undefined || detail === undefined) return row ?? detail;
  return comparePositions(row.position, detail.position) > 0 ? row : detail;
}
