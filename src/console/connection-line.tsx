import type { VNode } from 'preact';
import type { Connection } from './follow-stream.js';

/** Whether what is shown is what is so. */
export function ConnectionLine({ connection }: { readonly connection: Connection }): VNode {
  const words =
    connection.state === 'live'
      ? 'Live'
      : connection.state === 'offline'
        ? `Offline: what is shown may be old. Trying again in ${Math.ceil(connection.retryInMs / 1000)} s`
        : connection.state === 'refused'
          ? 'Not followed: the engine does not understand what is asked'
          : 'Connecting…';
  return (
    <p class={`connection ${connection.state}`} role="status">
      <span class="lamp" aria-hidden="true" />
      {words}
    </p>
  );
}
