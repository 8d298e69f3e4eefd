import { parsePort } from '../../../events/index.js';
import type { Match, Part } from './probe.js';
import { beginsHere } from './words.js';

/** A switch and an interface in their usual short forms: `leaf1 e16`, `leaf1:Eth16`, `leaf1 16`. */
export function readPort(text: string, raw: string): Part | undefined {
  const [, name = '', letters = '', numbers = ''] =
    /^([a-z0-9][a-z0-9._-]*)(?: ?: ?| | ?\/ ?)([a-z][a-z-]*)? ?([0-9][0-9/.:]*)?$/.exec(text) ?? [];
  if (name === '' || (letters === '' && numbers === '')) return undefined;
  const fit = (key: string): Match | undefined => {
    const colon = key.indexOf(':');
    const [, word = '', rest = ''] = /^([a-z-]*)(.*)$/.exec(key.slice(colon + 1)) ?? [];
    if (key.slice(0, colon) !== name || !word.startsWith(letters)) return undefined;
    if (numbers !== '' && rest === numbers) return 'exact';
    return rest.startsWith(numbers) ? 'beginning' : undefined;
  };
  const port = parsePort(raw.trim());
  return {
    says: [`the port ${[letters, numbers].filter(Boolean).join(' ')} of the switch ${name}`],
    probes: [{ column: 'port', stretches: [[`${name}:${letters}`, `${name}:${letters}`]], fit }],
    subjects: port === undefined ? [] : [`port:${port}`],
  };
}

const named = ['server', 'customer', 'port', 'violation'] as const;

/** What people named: a server, a customer, a port or a violation. */
export function readName(text: string, raw: string): Part {
  if (text === '' || text.startsWith('#')) return {};
  return {
    says: ['the name of a server, customer, port or violation, or a word in one'],
    probes: named.map((column) => ({
      column,
      stretches: [[text, text]],
      isWithin: true,
      fit: (key) => (key === text ? 'exact' : beginsHere(column, key, text)),
    })),
    subjects: /^[a-z0-9][a-z0-9._:-]*$/i.test(raw) ? [`server:${raw}`] : [],
  };
}
