import type { ComponentChildren, VNode } from 'preact';
import { Age, Instant, Link, Name } from './text.js';
import { PartyName, personOf } from './grid-cells.js';
import type { Party, Renumbered, Violation } from './violation.js';
import { shortText } from './shown-text.js';
import { Sparkline } from './sparkline.js';
import type { Detail, Entry, Known } from './violation-facts.js';
import { inWords } from './violation.js';

interface SectionsProps {
  readonly violation: Violation;
  readonly detail: Detail | undefined;
}

/** Everything that is known of a violation, the most asked for first. */
export function DetailSections({ violation, detail }: SectionsProps): VNode {
  const { port, vlan, attribution } = violation;
  const isFact = attribution === 'interface' || attribution === 'vlan';
  const known = detail?.known;
  return (
    <>
      <div class="sides">
        <Side title="By" party={known?.offender ?? violation.offender}>
          {known?.offender.mayBe !== undefined && (
            <Fact name="May be">
              <Name text={known.offender.mayBe.join(', ')} />
            </Fact>
          )}
          <Fact name="Port">
            {port === undefined ? 'not known' : <Link to={{ view: 'port', port }}>{<Name text={port} />}</Link>}
            {!isFact && port !== undefined && ' (inferred)'}
          </Fact>
          <Fact name="MAC">
            <Name text={violation.etherSource} />
            <Vendor of={known} mac={violation.etherSource} />
          </Fact>
          {vlan !== undefined && <Fact name="VLAN">{vlan}</Fact>}
          {known?.customer !== undefined && (
            <Fact name="In 30 days">
              <Link to={{ view: 'feed', filter: { offender: known.customer.customerId } }}>
                {known.customer.count} more of this customer
              </Link>
            </Fact>
          )}
        </Side>
        <Side title="Claims to be" party={known?.victim ?? violation.victim}>
          {known?.victim?.gateway === true && <Fact name="Role">the gateway</Fact>}
          <Fact name="Address">
            {violation.claimedAddress === undefined ? 'none' : <Name text={violation.claimedAddress} />}
          </Fact>
          {violation.renumbering !== undefined && <RenumberedBy renumbering={violation.renumbering} />}
          <Fact name="At MAC">
            <Name text={violation.claimedMac} />
          </Fact>
          {known?.victim?.now?.mac !== undefined && (
            <Fact name="Sold with">
              <Name text={known.victim.now.mac} />
            </Fact>
          )}
        </Side>
      </div>
      <Section title="Heard">
        {known !== undefined && <Sparkline frames={known.day.frames} />}
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
            <Name text={violation.sensor} />
            {known?.sensor.state !== undefined && `, ${inWords(known.sensor.state)}`}
            {known?.sensor.lastFrame !== undefined && (
              <>
                , last frame <Age at={known.sensor.lastFrame} /> ago
              </>
            )}
            ; the port is known by {inWords(attribution)}
          </Fact>
        </dl>
      </Section>
      <Evidence violation={violation} known={known} />
      {known !== undefined && <Devices known={known} />}
      {detail?.history !== undefined && <History entries={detail.history} />}
    </>
  );
}

/** Why the address may be heard that is not sold, or not yet. */
function RenumberedBy({ renumbering }: { readonly renumbering: Renumbered }): VNode {
  const { serverId, from, to, prefix, state, renumberingId } = renumbering;
  return (
    <Fact name="Renumbering">
      in the {prefix} prefix of{' '}
      <Link to={{ view: 'entity', kind: 'server', name: serverId }}>
        <Name text={serverId} />
      </Link>
      , which goes from <Name text={from} /> to <Name text={to} />:{' '}
      <Link to={{ view: 'renumbering', renumberingId }}>{inWords(state)}</Link>.{' '}
      <Link to={{ view: 'feed', filter: { renumbering: renumberingId } }}>All that it explains</Link>
    </Fact>
  );
}

function Vendor({ of, mac }: { readonly of: Known | undefined; readonly mac: string }): VNode | null {
  const vendor = of?.offender.macs.find((one) => one.mac === mac)?.vendor;
  const name = vendor && (vendor.vendor ?? inWords(vendor.kind));
  return name === undefined ? null : (
    <span class="none">
      {' '}
      <Name text={name} most={60} />
    </span>
  );
}

function Evidence({ violation, known }: { readonly violation: Violation; readonly known: Known | undefined }): VNode {
  const { violationId } = violation;
  return (
    <Section title="Evidence">
      {known !== undefined && known.evidence === undefined ? (
        <p class="none">No frames are kept of it.</p>
      ) : (
        <p>
          <a href={`/v1/violations/${encodeURIComponent(violationId)}/evidence`} download={`${violationId}.pcap`}>
            Download {known?.evidence === undefined ? 'the kept frames' : `${known.evidence.frames} kept frames`} (pcap)
          </a>
        </p>
      )}
      {known?.evidence !== undefined && <p class="code none">SHA-256 {shortText(known.evidence.sha256, 64)}</p>}
    </Section>
  );
}

/** What the devices did: what they hold of the victim, whether the guard drops it, and what billing does about it. */
function Devices({ known }: { readonly known: Known }): VNode {
  const { devices, containment } = known;
  return (
    <Section title="What was done">
      <ul class="plain">
        {devices.ofVictim.map(({ device, entries, missing, confirmed }) => (
          <li key={device}>
            <Name text={device} /> holds {entries.length} {entries.length === 1 ? 'entry' : 'entries'} of the victim
            {missing.length > 0 && `, ${missing.length} missing`}
            {confirmed ? ', read back: it believes no forger' : ', not confirmed'}
          </li>
        ))}
        {(devices.guards ?? []).map(({ device, effect, frames }) => (
          <li key={`guard ${device}`}>
            The guard of <Name text={device} /> {inWords(effect)} at this port: {frames.toLocaleString('en')} frames
          </li>
        ))}
        {containment !== undefined && (
          <li>
            Containment {inWords(containment.state)}, asked <Instant at={containment.requestedAt} />
            {containment.reason !== undefined && (
              <>
                : <Name text={containment.reason} most={500} />
              </>
            )}
          </li>
        )}
      </ul>
      {devices.ofVictim.length === 0 && (devices.guards ?? []).length === 0 && containment === undefined && (
        <p class="none">No device of ours had a part in it.</p>
      )}
    </Section>
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
