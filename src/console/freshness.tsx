import type { VNode } from 'preact';
import { Age } from './text.js';
import type { Polled } from './use-polled.js';

/** Whether what is shown is read again and again, and how old it is where that fails. */
export function Freshness({ polled: { why, isRefused, readAt } }: { readonly polled: Polled<unknown> }): VNode | null {
  if (isRefused) return null;
  const at = readAt === undefined ? undefined : new Date(readAt).toISOString();
  return (
    <p class={`connection ${why === undefined ? 'live' : 'offline'}`} role="status">
      <span class="lamp" aria-hidden="true" />
      {why === undefined ? (
        'Live'
      ) : (
        <>
          Offline: {why} {at !== undefined && <>What is shown is {<Age at={at} />} old.</>}
        </>
      )}
    </p>
  );
}
