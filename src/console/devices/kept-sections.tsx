import type { VNode } from 'preact';
import { Section } from '../detail-sections.js';
import { shortText } from '../shown-text.js';
import { Instant, Name } from '../text.js';
import type { DevicePlan, ForeignEntry, PlannedLine } from './device-facts.js';
import { LineTable } from './line-table.js';

/** What is granted and all the same not pushed, with the reason. */
export function WithheldSection({ plan }: { readonly plan: DevicePlan }): VNode | null {
  const rows = [
    ...plan.withheld,
    ...plan.quiet.map(({ serverId, route, reason }) => ({ serverId, what: route, reason })),
  ];
  if (rows.length === 0) return null;
  return (
    <Section title={`Withheld: ${rows.length}`}>
      <LineTable
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
      <LineTable
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
      <LineTable
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
