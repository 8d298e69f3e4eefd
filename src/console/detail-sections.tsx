import type { ComponentChildren, VNode } from 'preact';
import { Age, Instant, Link, Name } from './text.js';
import { PartyName, personOf } from './grid-cells.js';
import type { Party, Violation } from './violation.js';
import type { Detail, Entry } from './violation-facts.js';
import { inWords } from './violation.js';

interface SectionsProps {
  readonly violation: Violation;
  readonly detail: Detail | undefined;
}

/** Everything that is known of a violation, the most asked for first. */
export function DetailSections({ violation, detail }: SectionsProps): VNode {
  const { violationId, attribution, port, vlan } = violation;
  const isFact = attribution === 'interface' || attribution === 'vlan';
  return (
    <>
      <div class="sides">
        <Side title="By" party={violation.offender}>
          <Fact name="Port">
            {port === undefined ? 'not known' : <Link to={{ view: 'port', port }}>{<Name text={port} />}</Link>}
            {!isFact && port !== undefined && ' (inferred)'}
          </Fact>
          <Fact name="MAC">
            <Name text={violation.etherSource} />
          </Fact>
          {vlan !== undefined && <Fact name="VLAN">{vlan}</Fact>}
        </Side>
        <Side title="Claims to be" party={violation.victim}>
          <Fact name="Address">
            {violation.claimedAddress === undefined ? 'none' : <Name text={violation.claimedAddress} />}
          </Fact>
          <Fact name="At MAC">
            <Name text={violation.claimedMac} />
          </Fact>
        </Side>
      </div>
      <Section title="Heard">
        <dl class="facts">
          <Fact name="Frames">{violation.count.toLocaleString('en')}</Fact>
          <Fact name="First">
            <Instant at={violation.firstSeen} />
          </Fact>
          <Fact name="Last">
            <Instant at={violation.lastSeen} /> (<Age at={violation.lastSeen} /> ago)
          </Fact>
          <Fact name="As">{inWords(violation.observation)}</Fact>
          <Fact name="Sensor">
            <Name text={violation.sensor} />, the port is known by {inWords(attribution)}
          </Fact>
        </dl>
      </Section>
      <Section title="Evidence">
        <p>
          <a href={`/v1/violations/${encodeURIComponent(violationId)}/evidence`} download={`${violationId}.pcap`}>
            Download the kept frames (pcap)
          </a>
        </p>
      </Section>
      {detail?.history !== undefined && <History entries={detail.history} />}
    </>
  );
}

export function Section({ title, children }: { readonly title: string; readonly children: ComponentChildren }): VNode {
  return (
    <section>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

export function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Side(props: {
  readonly title: string;
  readonly party: Party | undefined;
  readonly children: ComponentChildren;
}): VNode {
  const { title, party, children } = props;
  return (
    <section class="side">
      <h3>{title}</h3>
      <dl class="facts">
        <Fact name="Server">
          <PartyName party={party} none="nobody known" />
        </Fact>
        {party?.customerId !== undefined && (
          <Fact name="Customer">
            <Name text={party.customerId} />
          </Fact>
        )}
        {children}
      </dl>
    </section>
  );
}

function History({ entries }: { readonly entries: readonly Entry[] }): VNode {
  return (
    <Section title="History">
      {entries.length === 0 && <p class="none">Nobody did anything about it yet.</p>}
      <ol class="history">
        {[...entries].reverse().map((entry) => (
          <li key={`${entry.at} ${entry.what}`}>
            <Instant at={entry.at} /> <strong>{inWords(entry.what)}</strong>
            {entry.by !== undefined && (
              <>
                {' by '}
                <Name text={personOf(entry.by)} />
              </>
            )}
            {entry.text !== undefined && (
              <p class="said">
                <Name text={entry.text} most={2_000} />
              </p>
            )}
          </li>
        ))}
      </ol>
    </Section>
  );
}
