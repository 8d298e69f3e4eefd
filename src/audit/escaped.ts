import { escapeHtml } from '../ops/escape-html.js';
import { plain } from './dossier/dossier-texts.js';

/** Any text as text of HTML: no markup, and no control that turns its neighbours around. */
export const escaped = (text: string): string => escapeHtml(plain(text));
