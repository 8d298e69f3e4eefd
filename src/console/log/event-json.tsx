import type { VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { useApp } from '../app-context.js';
import { Section } from '../detail-sections.js';
import { shownText } from '../shown-text.js';
import type { LogEvent } from './log-list.js';

/** The event as the log holds it, to be read and taken along. */
export function EventJson({ event }: { readonly event: LogEvent }): VNode {
  const { say } = useApp();
  const [isOpen, setOpen] = useState(false);
  const box = useRef<HTMLPreElement>(null);
  const text = JSON.stringify(event, undefined, 2);
  const select = (): void => {
    if (box.current !== null) getSelection()?.selectAllChildren(box.current);
    say('Selected: copy it with Ctrl C.');
  };
  const copy = (): void => {
    // Browsers lend the clipboard to pages of https and of this machine only.
    const clipboard = navigator.clipboard as Clipboard | undefined;
    if (clipboard === undefined) select();
    else clipboard.writeText(text).then(() => say('Copied.'), select);
  };
  return (
    <Section title="Raw">
      <div class="buttons">
        <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? 'Hide JSON' : 'Show JSON'}
        </button>
        {isOpen && (
          <button type="button" onClick={copy}>
            Copy
          </button>
        )}
      </div>
      {isOpen && (
        <pre ref={box} class="code log-raw" tabIndex={0} aria-label="The event as JSON">
          {text.split('\n').map(shownText).join('\n')}
        </pre>
      )}
    </Section>
  );
}
