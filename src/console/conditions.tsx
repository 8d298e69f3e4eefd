import type { ComponentChildren, VNode } from 'preact';

/** Something is on its way. Said after a moment only: what comes at once needs no words. */
export function Loading({ what }: { readonly what: string }): VNode {
  return (
    <p class="condition loading" role="status">
      Loading {what}…
    </p>
  );
}

/** There is nothing to show, and that is an answer. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ComponentChildren }): VNode {
  return (
    <div class="condition empty" role="status">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

interface TroubleProps {
  readonly title: string;
  readonly detail: string;
  readonly onRetry?: (() => void) | undefined;
  /** What else helps. */
  readonly children?: ComponentChildren;
}

/** Something cannot be shown: what, why, and what to do. */
export function Trouble({ title, detail, onRetry, children }: TroubleProps): VNode {
  return (
    <div class="condition trouble" role="alert">
      <h2>{title}</h2>
      <p>{detail}</p>
      {children}
      {onRetry !== undefined && (
        <button type="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}
