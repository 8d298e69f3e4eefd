import type { VNode } from 'preact';
import { memo } from './memo.js';
import type { Group } from './grouped.js';
import { Severity, State } from './marks.js';
import { Age, Link, Name } from './text.js';
import { type Party, ruleTitle, type Violation } from './violation.js';

interface CellsProps {
  readonly violation: Violation;
}

/** What a row says of its violation. */
export const ViolationCells = memo(function ViolationCells({ violation }: CellsProps): VNode {
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
          <span class="none">
            <Name text={violation.switch} most={40} />, port not known
          </span>
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

/** The head of a group: its name, how many, the worst, how often, until when. */
export function GroupCells({ group }: { readonly group: Group }): VNode {
  const { name, violations, severity, frames, lastSeen, isOpen } = group;
  const open = violations.filter(({ state }) => state === 'new').length;
  return (
    <>
      <span role="gridcell" class="cell worst">
        <Severity name={severity} />
      </span>
      <span role="gridcell" class="cell what">
        <span class={`twist ${isOpen ? 'open' : ''}`} aria-hidden="true" />
        <strong>{name === undefined ? 'not known' : <Name text={name} most={60} />}</strong>
      </span>
      <span role="gridcell" class="cell parties">
        {violations.length} {violations.length === 1 ? 'violation' : 'violations'}
      </span>
      <span role="gridcell" class="cell port" />
      <span role="gridcell" class="cell frames" aria-label={`${frames} frames`}>
        {frames.toLocaleString('en')}
      </span>
      <span role="gridcell" class="cell heard">
        <Age at={lastSeen} />
      </span>
      <span role="gridcell" class="cell stands">
        {open > 0 && `${open} new`}
      </span>
    </>
  );
}

export function PartyName({ party, none }: { readonly party: Party | undefined; readonly none: string }): VNode {
  if (party?.serverId === undefined) return <span class="none">{none}</span>;
  return <Name text={party.serverId} most={32} />;
}

/** `user:anna` as `anna`; a token as it is. */
export const personOf = (who: string): string => who.replace(/^user:/, '');
