import type { VNode } from 'preact';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { ActionDialog } from './action-dialog.js';
import { type Action, actionsOf } from './actions.js';
import { ActionBar } from './action-bar.js';
import { useApp } from './app-context.js';
import { Empty, Loading, Trouble } from './conditions.js';
import { ConnectionLine } from './connection-line.js';
import { footOf, footOfGroups } from './feed-foot.js';
import { FilterBar } from './filter-bar.js';
import { type Group, type Line, linesOf, narrowed } from './grouped.js';
import { keepVisit, lastVisit } from './last-visit.js';
import { MuteDialog } from './mute-dialog.js';
import { feed as wholeFeed, type FeedPlace } from './feed-place.js';
import { flipped, without } from './selection.js';
import { may } from './session.js';
import { useCursor } from './use-cursor.js';
import { useFeed } from './use-feed.js';
import { useGroups } from './use-groups.js';
import { useFeedKeys } from './use-feed-keys.js';
import { useTriage } from './use-triage.js';
import type { Violation } from './violation.js';
import { ViolationDetail } from './violation-detail.js';
import { ViolationGrid } from './violation-grid.js';

/** The violations as they happen, and everything that can be done about them. */
export function FeedPage({ place }: { readonly place: FeedPlace }): VNode {
  const { session, go, say } = useApp();
  useEffect(() => void (document.title = 'Violations · portledger'), []);
  const mayTriage = may(session, 'POST /v1/violations/bulk');
  const actions = actionsOf(session);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const scrollTop = useRef(0);
  const busy = useRef(false);
  const isHeld = (): boolean => busy.current || scrollTop.current > 0;
  const feed = useFeed(place.filter, isHeld);
  const groups = useGroups(place.group, place.filter, feed, isHeld);
  const acted = useRef(new Set<string>());
  const triage = useTriage(feed, (done) => setSelected((now) => without(now, done)));
  const { asking } = triage;
  // A selection is of what is listed.
  const filterKey = JSON.stringify(place.filter);
  useEffect(() => setSelected(new Set()), [filterKey]);
  // The object stays the same for as long as it says the same: rows that stand still are not drawn again.
  const filter = useMemo(() => place.filter, [filterKey]);
  const { list, connection, position } = feed;
  // A question that is not understood is said once, whoever asked it.
  const isMalformed = feed.loaded.state === 'failed' && feed.loaded.isMalformed;
  const loaded = isMalformed ? feed.loaded : (groups?.loaded ?? feed.loaded);
  const violations = useMemo(() => list.order.flatMap((id) => list.get(id) ?? []), [list, list.version]);
  const lines = useMemo(() => groups?.lines ?? linesOf(violations), [groups?.lines, violations]);
  const cursor = useCursor(lines, place.open, (next) => {
    if (place.open !== undefined && next.kind === 'violation') show({ open: next.key }, 'replace');
  });
  const { index, line } = cursor;
  busy.current = index >= 0 || selected.size > 0 || asking !== undefined;

  // Asked before the first answer is kept: from then on it is this visit's.
  const [since] = useState(() => lastVisit(session.who));
  useLayoutEffect(() => {
    if (position !== undefined) keepVisit(session.who, position);
  }, [session.who, position]);

  const show = (next: Partial<FeedPlace>, how?: 'push' | 'replace'): void => go({ ...place, ...next }, how);
  const shut = (): void => {
    const { view, filter, group } = place;
    go({ view, filter, ...(group && { group }) });
  };
  const open = (one: Violation | undefined, how?: 'push' | 'replace'): void => {
    if (one !== undefined) show({ open: one.violationId }, how);
  };
  const openGroup = (group: Group): void => {
    cursor.set(undefined);
    go({ view: 'feed', filter: narrowed(place.filter, group.filter) });
  };
  const pick = (one: Line): void => {
    if (one.kind === 'group') return openGroup(one.group);
    cursor.set(one.key);
    open(one.violation);
  };
  const toggle = (one: Line): void => {
    if (mayTriage && one.kind === 'violation') setSelected(flipped(selected, [one.key]));
  };
  const toggleAll = (): void => {
    if (mayTriage && groups === undefined) setSelected(flipped(selected, list.order));
  };
  const targets = (): readonly Violation[] => {
    if (selected.size > 0) return [...selected].flatMap((id) => list.get(id) ?? []);
    return line?.kind === 'violation' ? [line.violation] : [];
  };

  const begin = (action: Action, these: readonly Violation[]): void => {
    for (const { violationId } of these) acted.current.add(violationId);
    triage.begin(action, these);
  };
  /** The same, where they are what the reader looked at when they pressed the key. */
  const meant = (): readonly Violation[] => {
    const left = selected.size > 0 ? undefined : cursor.justLeft();
    if (left === undefined || acted.current.has(left)) return targets();
    say('Nothing done: the line you were on has just left the list.', 'failed');
    return [];
  };

  useFeedKeys({
    isOff: asking !== undefined,
    lines,
    index,
    line,
    mayTriage,
    actions,
    isOpen: place.open !== undefined,
    setCursor: cursor.set,
    toggle,
    open: (one) => open(one, place.open === undefined ? 'push' : 'replace'),
    toggleAll,
    openGroup,
    begin: (action) => begin(action, meant()),
    mute: () => {
      const these = meant();
      if (these.length > 0) triage.open({ kind: 'mute', targets: these });
    },
    showWaiting: () => feed.showWaiting(),
    goToPort: (port) => go({ view: 'port', port }),
    escape: () => {
      if (place.open !== undefined) shut();
      else if (selected.size > 0) setSelected(new Set());
      else cursor.set(undefined);
    },
  });

  const isGrouped = groups !== undefined;
  const onEnd = useCallback(() => {
    if (!isGrouped) void feed.more();
  }, [feed, isGrouped]);
  const onScroll = useCallback((top: number) => void (scrollTop.current = top), []);
  const isFiltered = Object.keys(place.filter).length > 0;

  return (
    <div class={`feed ${place.open === undefined ? '' : 'with-detail'}`}>
      <div class="top">
        <h1 class="hidden">Violations</h1>
        <FilterBar filter={place.filter} group={place.group} since={since} onChange={(next, how) => show(next, how)} />
        <ConnectionLine connection={connection} />
      </div>
      {mayTriage && (
        <ActionBar
          actions={actions}
          selected={selected.size === 0 ? 0 : targets().length}
          targets={targets()}
          onAction={(action) => begin(action, targets())}
          onMute={() => triage.open({ kind: 'mute', targets: targets() })}
          onClear={() => setSelected(new Set())}
        />
      )}
      <div class="panes">
        <section class="list" aria-label="List of violations" aria-busy={loaded.state === 'loading'}>
          {groups === undefined && list.waiting.length > 0 && (
            <button type="button" class="pill" onClick={() => feed.showWaiting()}>
              {list.waiting.length} new <kbd>n</kbd>
            </button>
          )}
          {loaded.state === 'loading' && <Loading what="violations" />}
          {loaded.state === 'failed' && (
            <Trouble
              title={loaded.isMalformed ? 'The engine does not understand these filters' : 'The list cannot be shown'}
              detail={loaded.why}
              onRetry={loaded.isMalformed ? undefined : () => void (groups?.refresh() ?? feed.reload())}
            >
              {loaded.isMalformed && (
                <>
                  <p>Take the filter that is named here out, or mend it in the address.</p>
                  <button type="button" onClick={() => go(wholeFeed)}>
                    Show everything
                  </button>
                </>
              )}
            </Trouble>
          )}
          {loaded.state === 'ready' && lines.length === 0 && (
            <Empty title={isFiltered ? 'Nothing fits these filters' : 'No violations'}>
              <p>
                {isFiltered
                  ? 'What is new and fits appears here by itself.'
                  : 'Nothing was heard that billing did not sell. What is heard appears here by itself.'}
              </p>
              {isFiltered && (
                <button type="button" onClick={() => go(wholeFeed)}>
                  Show everything
                </button>
              )}
            </Empty>
          )}
          {loaded.state === 'ready' && lines.length > 0 && (
            <ViolationGrid
              lines={lines}
              filter={filter}
              cursor={cursor.key}
              selected={selected}
              isSelectable={mayTriage && groups === undefined}
              onPick={pick}
              onToggle={toggle}
              onToggleAll={toggleAll}
              onEnd={onEnd}
              onScroll={onScroll}
            />
          )}
          <p class="foot" role="status">
            {loaded.state === 'ready' &&
              lines.length > 0 &&
              (groups === undefined ? footOf(violations.length, list.next !== undefined) : footOfGroups(groups))}
          </p>
        </section>
        {place.open !== undefined && (
          <ViolationDetail
            key={place.open}
            id={place.open}
            row={list.get(place.open)}
            actions={actions}
            mayMute={mayTriage}
            onAction={(action, violation) => begin(action, [violation])}
            onMute={(violation) => triage.open({ kind: 'mute', targets: [violation] })}
            onUnmuted={feed.refresh}
            onClose={shut}
          />
        )}
      </div>
      {asking?.kind === 'action' && (
        <ActionDialog
          action={asking.action}
          targets={asking.targets}
          onDo={(fields) => triage.perform(asking.action, asking.targets, fields)}
          onClose={() => triage.close(asking)}
        />
      )}
      {asking?.kind === 'mute' && (
        <MuteDialog targets={asking.targets} onDone={feed.refresh} onClose={() => triage.close(asking)} />
      )}
    </div>
  );
}
