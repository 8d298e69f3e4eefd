import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import '../style/devices.css';
import '../style/renumberings.css';
import { useApp } from '../app-context.js';
import { Empty } from '../conditions.js';
import { DataTable } from '../data-table.js';
import { ListPage } from '../list-page.js';
import { may } from '../session.js';
import { Age, Link, Name } from '../text.js';
import { inWords } from '../violation.js';
import { StartDialog } from './order-dialogs.js';
import { allWaits, countsOf, fitting, named, type Renumbering, waitsInWords } from './renumbering.js';
import type { RenumberingsPlace } from './renumberings-place.js';
import { useRenumberings } from './use-renumberings.js';

type Place = Extract<RenumberingsPlace, { view: 'renumberings' }>;

/** More rows are counted and not drawn. */
const mostRows = 500;

/** Servers on their way from one prefix to another, and who has to do what next. */
export function RenumberingsPage({ place }: { readonly place: Place }): VNode {
  const { go, session } = useApp();
  const polled = useRenumberings();
  const [isStarting, setStarting] = useState(false);
  const { text: _text, ...others } = place;
  const start = may(session, 'POST /v1/renumberings') && (
    <span class="buttons">
      <button type="button" onClick={() => setStarting(true)}>
        Start one…
      </button>
    </span>
  );
  return (
    <ListPage
      name="Renumberings"
      style="port-page devices renumberings"
      polled={polled}
      find={{
        ...{ label: 'Find a renumbering', placeholder: 'server, customer or prefix', text: place.text },
        onFind: (wanted) => go({ ...others, ...(wanted !== undefined && { text: wanted }) }),
      }}
      tools={start}
    >
      {(all) => (
        <>
          {all.length === 0 ? <NoneYet /> : <Found all={all} place={place} />}
          {isStarting && (
            <StartDialog
              onDone={(renumberingId) => go({ view: 'renumbering', renumberingId })}
              onClose={() => setStarting(false)}
            />
          )}
        </>
      )}
    </ListPage>
  );
}

function NoneYet(): VNode {
  return (
    <Empty title="No renumbering yet">
      <p>
        Nobody is being moved from one prefix to another. Many at once are started from a list:{' '}
        <span class="code">portledger renumber candidates --from-length 64</span> shows who still has a /64.
      </p>
    </Empty>
  );
}

function Found({ all, place }: { readonly all: readonly Renumbering[]; readonly place: Place }): VNode {
  const fit = fitting(all, place);
  return (
    <>
      <Choices place={place} all={named(all, place.text)} />
      {fit.length === 0 && (
        <Empty title="No renumbering fits">
          <p>
            {fitting(all, {}).length > 0 ? (
              <Link to={{ view: 'renumberings' }}>All that are under way</Link>
            ) : (
              <Link to={{ view: 'renumberings', waits: 'nobody' }}>None is under way: those that have ended</Link>
            )}
          </p>
        </Empty>
      )}
      {fit.length > mostRows && (
        <p class="about" role="status">
          {mostRows} of {fit.length.toLocaleString('en')} are shown: choose a state, or find a server.
        </p>
      )}
      <DataTable
        label="Renumberings"
        columns={columns}
        rows={fit.slice(0, mostRows)}
        keyOf={({ renumberingId }) => renumberingId}
        cells={cellsOf}
      />
    </>
  );
}

/** How many are in each state and wait for whom; each leads to them. */
function Choices({ place, all }: { readonly place: Place; readonly all: readonly Renumbering[] }): VNode {
  const { text } = place;
  const kept = text === undefined ? {} : { text };
  const isAll = place.state === undefined && place.waits === undefined;
  const waits = allWaits.filter((one) => one !== 'nobody');
  return (
    <nav class="choices" aria-label="Which renumberings">
      <Link to={{ view: 'renumberings', ...kept }} current={isAll}>
        under way {fitting(all, {}).length}
      </Link>
      {waits.map((one) => (
        <Link key={one} to={{ view: 'renumberings', ...kept, waits: one }} current={place.waits === one}>
          wait for {waitsInWords[one]} {fitting(all, { waits: one }).length}
        </Link>
      ))}
      <Link to={{ view: 'renumberings', ...kept, waits: 'nobody' }} current={place.waits === 'nobody'}>
        ended {fitting(all, { waits: 'nobody' }).length}
      </Link>
      {countsOf(all).map(({ state, count }) => (
        <Link key={state} to={{ view: 'renumberings', ...kept, state }} current={place.state === state}>
          {inWords(state)} {count}
        </Link>
      ))}
    </nav>
  );
}

const columns = ['Server', 'Customer', 'From', 'To', 'State', 'Since', 'Waits for'];

function cellsOf(row: Renumbering): VNode {
  const { renumberingId, serverId, customerId, from, to, state, since, waitsFor, heard } = row;
  return (
    <>
      <td>
        <Link to={{ view: 'renumbering', renumberingId }}>
          <Name text={serverId} />
        </Link>
      </td>
      <td>{customerId === undefined ? <span class="none">none</span> : <Name text={customerId} />}</td>
      <td>
        <Name text={from} />
      </td>
      <td>
        <Name text={to} />
      </td>
      <td>{inWords(state)}</td>
      <td>{since === undefined ? <span class="none">now</span> : <Age at={since} />}</td>
      <td>
        {waitsFor === 'operator' ? <strong class="medium">an operator</strong> : waitsInWords[waitsFor]}
        {waitsFor === 'quiet' && heard.watchedSince === undefined && <div class="none">nobody hears its port</div>}
      </td>
    </>
  );
}
