import type { VNode } from 'preact';
import { Age, Name } from '../text.js';
import { inWords } from '../violation.js';
import type { GuardLine, PlannedLine } from './device-facts.js';
import { LineTable } from './line-table.js';
import { Cause } from './standing.js';

function Change({ change }: { readonly change: string }): VNode {
  return (
    <span class={`change ${change === 'add' ? 'add' : 'remove'}`}>
      <span aria-hidden="true">{change === 'add' ? '+' : '−'}</span> {inWords(change)}
    </span>
  );
}

/** Lines that would come or go, each with what it is because of. */
export function PlanTable({ lines }: { readonly lines: readonly PlannedLine[] }): VNode {
  return (
    <LineTable
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

/** The same of a guard. */
export function GuardTable({ lines }: { readonly lines: readonly GuardLine[] }): VNode {
  return (
    <LineTable
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
