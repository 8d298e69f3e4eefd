import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { Section } from '../detail-sections.js';
import { Name } from '../text.js';
import { inWords, ruleTitle } from '../violation.js';
import { type Preflight, preflightInOrder } from './device-facts.js';
import { LineTable } from './line-table.js';
import { Standing } from './standing.js';

/** What was looked at before a customer is put on an interface. */
export function PreflightSection({ checks }: { readonly checks: readonly Preflight[] }): VNode | null {
  const [isWhole, setWhole] = useState(false);
  if (checks.length === 0) return null;
  const notPassed = checks.filter(({ result }) => result !== 'pass').length;
  const rows = preflightInOrder(checks).filter(({ result }) => isWhole || result !== 'pass');
  return (
    <Section title={`Preflight: ${checks.length - notPassed} of ${checks.length} pass`}>
      {rows.length > 0 && (
        <LineTable
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
