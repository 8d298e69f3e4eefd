import { formatMac } from '../../../events/index.js';
import type { Part } from './probe.js';
import { beginsHere } from './words.js';

const macForms = [
  /^(?:[0-9a-f]{2}[:\- ])*[0-9a-f]{0,2}$/,
  /^(?:[0-9a-f]{4}[.:-])*[0-9a-f]{0,4}$/,
  /^[0-9a-f]{6}[-:.][0-9a-f]{0,6}$/,
  /^[0-9a-f]+$/,
];

/** A MAC in any notation, whole or its beginning. */
export function readMac(text: string): Part | undefined {
  const digits = text.replace(/[:\-. ]/g, '');
  if (digits.length < 2 || digits.length > 12 || !macForms.some((form) => form.test(text))) return undefined;
  const isWhole = digits.length === 12;
  const mac = formatMac(Number.parseInt(digits.padEnd(12, '0'), 16));
  const spelt = isWhole ? mac : digits.replace(/(..)(?=.)/g, '$1:');
  return {
    says: [isWhole ? `the MAC ${mac}` : `a MAC that begins with or has ${spelt}`],
    probes: [
      {
        column: 'mac',
        stretches: [[digits, digits]],
        isWithin: digits.length >= 4,
        fit: (key) => (key === digits ? 'exact' : beginsHere('mac', key, digits)),
      },
    ],
    subjects: isWhole ? [`mac:${mac}`] : [],
  };
}
