import { plain } from './dossier/dossier-texts.js';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Any text as text of HTML: no markup, and no control that turns its neighbours around. */
export function escaped(text: string): string {
  return plain(text).replace(/[&<>"']/g, (one) => entities[one] ?? '');
}
