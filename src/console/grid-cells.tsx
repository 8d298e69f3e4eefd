import type { VNode } from 'preact';
import { memo } from './memo.js';
import { type Group, narrowed } from './grouped.js';
import { Severity, State } from './marks.js';
import type { Filter } from './filter.js';
import { shortText } from './shown-text.js';
import { Bars } from './sparkline.js';
import { Age, Link, Name } from './text.js';
import { countOf, type Party, ruleTitle, type Violation } from './violation.js';

interface CellsProps {
  readonly violation: Violation;
  /** Of the list that it stands in. */
  readonly filter: Filter;
}

interface GroupProps {
  readonly group: Group;
  readonly filter: Filter;
}

/** What a row says of its violation. */
export const ViolationCells = memo(function ViolationCells({ violation, filter }: CellsProps): VNode {
  const { severity, rule, claimedAddress, claimedMac, offender, victim, port, count, lastSeen, state } = violation;
  return (
    <>
      <span role="gridcell" class="cell worst">
        <Severity name={severity} />
      </span>
      <span role="gridcell" class="cell what">
        <span class="rule">{ruleTitle(rule)}</span> <Name text={claimedAddress ?? claimedMac} most={48} />
      </span>
      <span role="gridcell" class="cell parties">
        <PartyName party={offender} none="nobody known" />
        {victim !== undefined && (
          <>
            <span class="against"> as </span>
            <PartyName party={victim} none="" />
          </>
        )}
      </span>
      <span role="gridcell" class="cell port">
        {port === undefined ? (
          <Link
            class="none"
            label={`${shortText(violation.switch, 40)}, port not known; show all of them`}
            to={{ view: 'feed', filter: narrowed(filter, { switch: violation.switch, unknown: 'port' }) }}
          >
            <Name text={violation.switch} most={40} />, port not known
          </Link>
        ) : (
          <Link to={{ view: 'port', port }}>
            <Name text={port} most={40} />
          </Link>
        )}
      </span>
      <span role="gridcell" class="cell frames" aria-label={`${count} frames`}>
        {count.toLocaleString('en')}
      </span>
      <span role="gridcell" class="cell heard">
        <Age at={lastSeen} />
      </span>
      <span role="gridcell" class="cell stands">
        <State name={state} />
        {violation.muted !== undefined && <span class="tag">muted</span>}
        {violation.muted === undefined && violation.wasMuted !== undefined && <span class="tag">was muted</span>}
        {violation.renumbering !== undefined && <span class="tag">{violation.renumbering.prefix} prefix</span>}
        {violation.quiet === true && <span class="tag">quiet</span>}
        {violation.survey === true && <span class="tag">survey</span>}
        {violation.assignee !== undefined && (
          <span class="assignee">
            <Name text={personOf(violation.assignee)} most={24} />
          </span>
        )}
      </span>
    </>
  );
});

/** What a row says of a group: its name, its last day, how often, until when, how many and how many of them are open. */
export const GroupCells = memo(function GroupCells({ group, filter }: GroupProps): VNode {
  const { violations, open, severity, frames, firstSeen, lastSeen, day } = group;
  const sum = day.frames.reduce((total, count) => total + count, 0);
  return (
    <>
      <span role="gridcell" class="cell worst">
        <Severity name={severity} />
      </span>
      <span role="gridcell" class="cell what">
        <Link to={{ view: 'feed', filter: narrowed(filter, group.filter) }}>
          <strong>
            <GroupName group={group} />
          </strong>
        </Link>
      </span>
      <span role="gridcell" class="cell parties">
        since <Age at={firstSeen} />
      </span>
      <span role="gridcell" class="cell port" aria-label={`${sum.toLocaleString('en')} in 24 h`}>
        <Bars frames={day.frames} />
      </span>
      <span role="gridcell" class="cell frames" aria-label={`${frames} frames`}>
        {frames.toLocaleString('en')}
      </span>
      <span role="gridcell" class="cell heard">
        <Age at={lastSeen} />
      </span>
      <span role="gridcell" class="cell stands">
        {countOf(violations)}, {open.toLocaleString('en')} open
      </span>
    </>
  );
});

function GroupName({ group }: { readonly group: Group }): VNode {
  const { rule, switch: switchName, port, serverId, customerId } = group;
  const who = serverId ?? customerId;
  return (
    <>
      {rule !== undefined && ruleTitle(rule)}
      {rule !== undefined && switchName !== undefined && ' '}
      {port !== undefined && <Name text={port} most={60} />}
      {port === undefined && switchName !== undefined && (
        <>
          <Name text={switchName} most={40} />, port not known
        </>
      )}
      {who !== undefined && <Name text={who} most={60} />}
      {rule === undefined && switchName === undefined && who === undefined && 'not known'}
    </>
  );
}

export function PartyName({ party, none }: { readonly party: Party | undefined; readonly none: string }): VNode {
  if (party?.serverId === undefined) return <span class="none">{none}</span>;
  return <Name text={party.serverId} most={32} />;
}

/** `user:anna` as `anna`; a token as it is. */
export const personOf = (who: string): string => who.replace(/^user:/, '');
