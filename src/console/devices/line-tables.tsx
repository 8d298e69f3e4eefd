import type { ComponentChildren, VNode } from 'preact';
import { useState } from 'preact/hooks';
import { Section } from '../detail-sections.js';
import { shortText } from '../shown-text.js';
import { Age, Instant, Name } from '../text.js';
import { ruleTitle, inWords } from '../violation.js';
import {
  type DevicePlan,
  type ForeignEntry,
  type GuardLine,
  type PlannedLine,
  type Preflight,
  preflightInOrder,
} from './device-facts.js';
import { Cause, Standing } from './standing.js';

const atFirst = 200;

/** A table of lines: the first of them, and the rest when asked for. */
function Lines<Row>(props: {
  readonly label: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly cells: (row: Row) => ComponentChildren;
}): VNode {
  const { label, columns, rows, keyOf, cells } = props;
  const [most, setMost] = useState(atFirst);
  return (
    <>
      <div class="scrolls" tabIndex={0} role="region" aria-label={label}>
        <table>
          <thead>
            <tr>
              {columns.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, most).map((row) => (
              <tr key={keyOf(row)}>{cells(row)}</tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > most && (
        <button type="button" onClick={() => setMost(most + 1_000)}>
          Show more: {rows.length - most} are not shown
        </button>
      )}
    </>
  );
}

function Change({ change }: { readonly change: string }): VNode {
  return (
    <span class={`change ${change === 'add' ? 'add' : 'remove'}`}>
      <span aria-hidden="true">{change === 'add' ? '+' : '−'}</span> {inWords(change)}
    </span>
  );
}

export function PlanTable({ lines }: { readonly lines: readonly PlannedLine[] }): VNode {
  return (
    <Lines
      label="Lines of the plan"
      columns={['Change', 'Before', 'After', 'Because']}
      rows={lines}
      keyOf={({ change, line }) => `${change} ${line}`}
      cells={(line) => (
        <>
          <td>
            <Change change={line.change} />
          </td>
          <td class="code">
            <Before line={line} />
          </td>
          <td class="code">
            {line.change === 'add' ? <Name text={line.line} most={160} /> : <span class="none">nothing</span>}
          </td>
          <td class="wraps">
            <Cause because={line.because} />
            {line.why !== 'grant' && <div class="none">{inWords(line.why)}</div>}
            {line.driftSince !== undefined && (
              <div class="none">
                for <Age at={line.driftSince} />
              </div>
            )}
            {line.waits !== undefined && (
              <div class="medium">
                ‖ waits: <Name text={line.waits} most={240} />
              </div>
            )}
          </td>
        </>
      )}
    />
  );
}

function Before({ line: { change, line, before } }: { readonly line: PlannedLine }): VNode {
  const text = change === 'add' ? before : line;
  return text === undefined ? <span class="none">nothing</span> : <Name text={text} most={160} />;
}

export function GuardTable({ lines }: { readonly lines: readonly GuardLine[] }): VNode {
  return (
    <Lines
      label="Lines of the guard’s plan"
      columns={['Change', 'Line', 'Interface', 'Server']}
      rows={lines}
      keyOf={({ change, line }) => `${change} ${line}`}
      cells={({ change, line, interface: interfaceName, serverId }) => (
        <>
          <td>
            <Change change={change} />
          </td>
          <td class="code">
            <Name text={line} most={160} />
          </td>
          <td>
            <Name text={interfaceName} />
          </td>
          <td>{serverId !== undefined && <Name text={serverId} />}</td>
        </>
      )}
    />
  );
}

/** What is granted and all the same not pushed, with the reason. */
export function WithheldSection({ plan }: { readonly plan: DevicePlan }): VNode | null {
  const rows = [
    ...plan.withheld,
    ...plan.quiet.map(({ serverId, route, reason }) => ({ serverId, what: route, reason })),
  ];
  if (rows.length === 0) return null;
  return (
    <Section title={`Withheld: ${rows.length}`}>
      <Lines
        label="Withheld"
        columns={['Server', 'What', 'Reason']}
        rows={rows}
        keyOf={({ serverId, what, reason }) => `${serverId} ${what} ${reason}`}
        cells={({ serverId, what, reason }) => (
          <>
            <td>
              <Name text={serverId} />
            </td>
            <td class="code">
              <Name text={what} />
            </td>
            <td class="wraps">
              <Name text={reason} most={240} />
            </td>
          </>
        )}
      />
    </Section>
  );
}

/** Lines of ours that nobody is granted any more, without an event that says why. */
export function OrphanSection({ lines }: { readonly lines: readonly PlannedLine[] }): VNode | null {
  const rows = lines.filter(({ orphan }) => orphan !== undefined);
  if (rows.length === 0) return null;
  return (
    <Section title={`Orphans: ${rows.length}`}>
      <p class="about">Ours, and granted to nobody: they go with the plan.</p>
      <Lines
        label="Orphans"
        columns={['Line', 'Was of', 'Last read back']}
        rows={rows}
        keyOf={({ line }) => line}
        cells={({ line, orphan }) => (
          <>
            <td class="code">
              <Name text={line} most={160} />
            </td>
            <td>
              {orphan?.previousOwner === undefined ? (
                <span class="none">nobody known</span>
              ) : (
                <Name text={orphan.previousOwner} />
              )}
            </td>
            <td>
              {orphan?.confirmedAt === undefined ? (
                <span class="none">never by us</span>
              ) : (
                <Instant at={orphan.confirmedAt} />
              )}
            </td>
          </>
        )}
      />
    </Section>
  );
}

/** What stands on our interfaces and is not ours. */
export function ForeignSection(props: {
  readonly entries: readonly ForeignEntry[];
  /** Undefined where this reader may not. */
  readonly onAdopt: ((entry: ForeignEntry) => void) | undefined;
}): VNode | null {
  const { entries, onAdopt } = props;
  if (entries.length === 0) return null;
  return (
    <Section title={`Foreign entries: ${entries.length}`}>
      <p class="about">Somebody else put them there. They are left as they are until an operator adopts one.</p>
      <Lines
        label="Foreign entries"
        columns={['Address', 'Interface', 'MAC', ...(onAdopt === undefined ? [] : ['Action'])]}
        rows={entries}
        keyOf={({ address, interface: interfaceName }) => `${address} ${interfaceName}`}
        cells={(entry) => (
          <>
            <td class="code">
              <Name text={entry.address} />
            </td>
            <td>
              <Name text={entry.interface} />
            </td>
            <td class="code">
              <Name text={entry.mac} />
            </td>
            {onAdopt !== undefined && (
              <td>
                <button type="button" aria-label={`Adopt ${shortText(entry.address)}`} onClick={() => onAdopt(entry)}>
                  Adopt…
                </button>
              </td>
            )}
          </>
        )}
      />
    </Section>
  );
}

/** What was looked at before a customer is put on an interface. */
export function PreflightSection({ checks }: { readonly checks: readonly Preflight[] }): VNode | null {
  const [isWhole, setWhole] = useState(false);
  if (checks.length === 0) return null;
  const notPassed = checks.filter(({ result }) => result !== 'pass').length;
  const rows = preflightInOrder(checks).filter(({ result }) => isWhole || result !== 'pass');
  return (
    <Section title={`Preflight: ${checks.length - notPassed} of ${checks.length} pass`}>
      {rows.length > 0 && (
        <Lines
          label="Preflight"
          columns={['Verdict', 'Interface', 'Check', 'Found']}
          rows={rows}
          keyOf={({ check, interface: interfaceName, family }) => `${check} ${interfaceName} ${family}`}
          cells={({ check, interface: interfaceName, family, result, found, cure }) => (
            <>
              <td>
                <Standing name={result} />
              </td>
              <td>
                {interfaceName === undefined ? (
                  <span class="none">whole device{family === undefined ? '' : `, ${inWords(family)}`}</span>
                ) : (
                  <Name text={interfaceName} />
                )}
              </td>
              <td>{ruleTitle(check)}</td>
              <td class="wraps">
                <Name text={found} most={240} />
                {cure !== undefined && (
                  <div class="none">
                    <Name text={cure} most={400} />
                  </div>
                )}
              </td>
            </>
          )}
        />
      )}
      {notPassed < checks.length && (
        <button type="button" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
          {isWhole ? 'Only what does not pass' : 'Show every check'}
        </button>
      )}
    </Section>
  );
}
