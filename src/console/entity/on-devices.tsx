import type { VNode } from 'preact';
import { Instant, Link, Name } from '../text.js';
import type { Stretch, Sure } from './entity.js';

/** Which devices held what was sold, and when, by what was read back from them. */
export function OnDevices({ sure }: { readonly sure: Sure | undefined }): VNode | null {
  if (sure === undefined) return null;
  if (sure.notPushed === 'never') return <>none got it</>;
  if (sure.pushed.length === 0) return <>unknown: none was read back</>;
  return (
    <>
      {sure.pushed.map(({ device, neighbour, route }) => (
        <div key={device}>
          <Link to={{ view: 'device', device }}>
            <Name text={device} />
          </Link>
          <Held what="entry" stretches={neighbour} />
          <Held what="route" stretches={route} />
        </div>
      ))}
    </>
  );
}

function Held({ what, stretches }: { readonly what: string; readonly stretches: readonly Stretch[] }): VNode {
  if (stretches.length === 0) return <div>no {what}</div>;
  return (
    <>
      {stretches.map(({ since, until, lost }) => (
        <div key={since}>
          {what} {until === undefined ? 'since ' : ''}
          <Instant at={since} />
          {until !== undefined && (
            <>
              {' '}
              to <Instant at={until} />
            </>
          )}
          {lost === true && ' (the device had lost it)'}
        </div>
      ))}
    </>
  );
}
