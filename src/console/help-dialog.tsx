import type { VNode } from 'preact';
import { useApp } from './app-context.js';
import { findPage } from './find/find-place.js';
import { Modal } from './modal.js';
import type { KeyHelp } from './page.js';
import { pageOf, pagesFor } from './place.js';
import { may } from './session.js';

/** Every key that does something for this reader: on every page, and on the page they are on. */
export function HelpDialog({ onClose }: { readonly onClose: () => void }): VNode {
  const { session, place } = useApp();
  const { name, keys } = pageOf(place);
  const going = pagesFor(session).map((page) => [`g ${page.letter}`, page.name] as const);
  const finding = may(session, findPage.needs) ? ([['/', 'find anything; in the feed: search it']] as const) : [];
  const own = keys?.(session) ?? [];
  return (
    <Modal title="Keys" onClose={onClose}>
      {own.length > 0 && (
        <>
          <h3>{name}</h3>
          <Keys keys={own} />
          <h3>On every page</h3>
        </>
      )}
      <Keys keys={[...going, ...finding, ['?', 'this help']]} />
      <div class="buttons">
        <button type="button" data-first onClick={onClose}>
          Close
        </button>
      </div>
    </Modal>
  );
}

function Keys({ keys }: { readonly keys: KeyHelp }): VNode {
  return (
    <dl class="keys">
      {keys.map(([key, meaning]) => (
        <div key={key}>
          <dt>
            <kbd>{key}</kbd>
          </dt>
          <dd>{meaning}</dd>
        </div>
      ))}
    </dl>
  );
}
