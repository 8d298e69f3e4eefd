import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import '../style/devices.css';
import '../style/renumberings.css';
import { useApp } from '../app-context.js';
import { Loading, Trouble } from '../conditions.js';
import { Fact, Section } from '../detail-sections.js';
import { Freshness } from '../freshness.js';
import { may } from '../session.js';
import { shortText } from '../shown-text.js';
import { Age, Instant, Link, Name } from '../text.js';
import { inWords } from '../violation.js';
import { OrderDialog, type OrderWord } from './order-dialogs.js';
import { type Renumbering, saysNow, spoken, stepsOf, waitsInWords } from './renumbering.js';
import type { RenumberingsPlace } from './renumberings-place.js';
import { useRenumbering } from './use-renumberings.js';

type Place = Extract<RenumberingsPlace, { view: 'renumbering' }>;

/** One server on its way from one prefix to another, and an operator's word on it. */
export function RenumberingPage({ place: { renumberingId } }: { readonly place: Place }): VNode {
  return <OpenRenumbering key={renumberingId} renumberingId={renumberingId} />;
}

function OpenRenumbering({ renumberingId }: { readonly renumberingId: string }): VNode {
  useEffect(() => void (document.title = `${shortText(renumberingId, 60)} · portledger`), [renumberingId]);
  const polled = useRenumbering(renumberingId);
  const { value, why, again } = polled;
  const [order, setOrder] = useState<{ readonly word: OrderWord; readonly seen: Renumbering }>();
  return (
    <div class="port-page devices renumberings">
      <header>
        <h1>
          Renumbering <Name text={renumberingId} />
        </h1>
        <Freshness polled={polled} />
        {value !== undefined && <Orders of={value} onOrder={(word) => setOrder({ word, seen: value })} />}
      </header>
      {value === undefined && why === undefined && <Loading what="the renumbering" />}
      {value === undefined && why !== undefined && (
        <Trouble title="The renumbering cannot be shown" detail={why} onRetry={again}>
          <p>
            <Link to={{ view: 'renumberings' }}>All renumberings</Link>
          </p>
        </Trouble>
      )}
      {value !== undefined && <Facts of={value} />}
      {order !== undefined && value !== undefined && (
        <OrderDialog
          word={order.word}
          seen={order.seen}
          current={value}
          onDone={again}
          onClose={() => setOrder(undefined)}
        />
      )}
    </div>
  );
}

/** What may be ordered now, for those whose word counts. */
function Orders({ of, onOrder }: { readonly of: Renumbering; readonly onOrder: (word: OrderWord) => void }): VNode {
  const { session } = useApp();
  const { next, despite, back } = of.orders;
  const mayGoOn = may(session, 'POST /v1/renumberings/{}/next');
  return (
    <span class="buttons">
      {mayGoOn && next !== undefined && (
        <button type="button" class="primary" onClick={() => onOrder('next')}>
          Go on…
        </button>
      )}
      {mayGoOn && despite !== undefined && (
        <button type="button" onClick={() => onOrder('despite')}>
          Go on although it may not be quiet…
        </button>
      )}
      {may(session, 'POST /v1/renumberings/{}/back') && back !== undefined && (
        <button type="button" onClick={() => onOrder('back')}>
          Go back…
        </button>
      )}
    </span>
  );
}

function Facts({ of }: { readonly of: Renumbering }): VNode {
  const { renumberingId, serverId, customerId, waitsFor, since, startedAt, by, reason, quietSeconds, heard } = of;
  return (
    <>
      <ol class="steps" aria-label="The way of it">
        {stepsOf(of).map(({ state, stands }) => (
          <li key={state} class={stands} aria-current={stands === 'here' ? 'step' : undefined}>
            {stands === 'here' && <span aria-hidden="true">▸ </span>}
            {inWords(state)}
          </li>
        ))}
      </ol>
      <p class="sentence" role="status">
        <Name text={saysNow(of)} most={600} />
      </p>
      <div class="device-panes">
        <div>
          <Section title="Who and what">
            <dl class="facts">
              <Fact name="Server">
                <Link to={{ view: 'entity', kind: 'server', name: serverId }}>
                  <Name text={serverId} />
                </Link>
              </Fact>
              {customerId !== undefined && (
                <Fact name="Customer">
                  <Link to={{ view: 'entity', kind: 'customer', name: customerId }}>
                    <Name text={customerId} />
                  </Link>
                </Fact>
              )}
              <Fact name="From">
                <PrefixIs prefix={of.from} isGranted={of.granted.from} isAnnounced={of.announced.from} />
              </Fact>
              <Fact name="To">
                <PrefixIs prefix={of.to} isGranted={of.granted.to} isAnnounced={of.announced.to} />
              </Fact>
              <Fact name="Waits for">
                {waitsInWords[waitsFor]}
                {since !== undefined && (
                  <>
                    , since <Instant at={since} />
                  </>
                )}
              </Fact>
            </dl>
          </Section>
          <Section title="Heard of the old prefix">
            <dl class="facts">
              <Fact name="Frames">{heard.frames.toLocaleString('en')}</Fact>
              <Time name="Last" at={heard.last} none="never" />
              <Time name="Listening" at={heard.watchedSince} none="no sensor of this engine hears its port" />
              <Time name="Quiet at" at={heard.quietAt} none="cannot be said">
                {' '}
                if it is not heard again
              </Time>
              <Fact name="Quiet for">{spoken(quietSeconds)}</Fact>
            </dl>
            <p class="explains">
              Neighbour discovery is heard, not traffic: silence is a sign, and no proof.{' '}
              <Link to={{ view: 'feed', filter: { renumbering: renumberingId } }}>Violations that it explains</Link>
            </p>
          </Section>
        </div>
        <Section title="Ordered">
          <dl class="facts">
            <Time name="Started" at={startedAt} none="" />
            <Fact name="Last word by">
              <Name text={by} />
            </Fact>
            {reason !== undefined && (
              <Fact name="Reason">
                <Name text={reason} most={500} />
              </Fact>
            )}
          </dl>
          <p>
            <Link to={{ view: 'log', stream: `renumbering-${renumberingId}` }}>Every order, and what was found</Link>
          </p>
        </Section>
      </div>
    </>
  );
}

interface PrefixProps {
  readonly prefix: string;
  readonly isGranted: boolean;
  readonly isAnnounced: boolean;
}

function PrefixIs({ prefix, isGranted, isAnnounced }: PrefixProps): VNode {
  return (
    <>
      <Link to={{ view: 'entity', kind: 'prefix', name: prefix }}>
        <Name text={prefix} />
      </Link>
      , {isGranted ? 'granted' : 'not granted'}, {isAnnounced ? 'announced' : 'not announced'}
    </>
  );
}

interface TimeProps {
  readonly name: string;
  readonly at: string | undefined;
  readonly none: string;
  readonly children?: ComponentChildren;
}

function Time({ name, at, none, children }: TimeProps): VNode {
  return (
    <Fact name={name}>
      {at === undefined ? (
        none
      ) : (
        <>
          <Instant at={at} />
          {Date.parse(at) <= Date.now() && (
            <>
              {' '}
              (<Age at={at} /> ago)
            </>
          )}
          {children}
        </>
      )}
    </Fact>
  );
}
