import type { VNode } from 'preact';
import { useEffect, useReducer, useState } from 'preact/hooks';
import { useApp } from './app-context.js';
import { Loading, Trouble } from './conditions.js';
import { pageOf, pagesFor, type Place } from './place.js';
import { may } from './session.js';
import { knownView, readAhead, viewFor } from './views.js';

/** The place as its page draws it, as soon as that page was read; a page that is not for this reader is not. */
export function View({ place }: { readonly place: Place }): VNode {
  const { session } = useApp();
  const { name, needs } = pageOf(place);
  if (may(session, needs)) return <OpenView place={place} />;
  const detail = `${name} needs the right to ${needs}; your roles are: ${session.roles.join(', ') || 'none'}.`;
  return <Trouble title="Not for your roles" detail={detail} />;
}

function OpenView({ place }: { readonly place: Place }): VNode {
  const { session } = useApp();
  const { view } = place;
  const [failed, setFailed] = useState<string>();
  const [, drawAgain] = useReducer((times: number) => times + 1, 0);
  const Drawn = knownView(view);
  useEffect(() => {
    // What was drawn counts, not what is known by now: a page may have been read in between.
    if (Drawn !== undefined) return readAhead(pagesFor(session).flatMap(({ views }) => views));
    setFailed(undefined);
    viewFor(view).then(
      () => drawAgain(undefined),
      () => setFailed(view),
    );
    return undefined;
  }, [view, Drawn, session]);
  if (Drawn !== undefined) return <Drawn place={place} />;
  if (failed !== view) return <Loading what="the page" />;
  return (
    <Trouble
      title="The page cannot be read"
      detail="The engine does not answer, or was renewed since this console was opened."
      onRetry={() => location.reload()}
    />
  );
}
