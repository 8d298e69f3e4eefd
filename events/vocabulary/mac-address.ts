declare const macBrand: unique symbol;
/** A unicast 48-bit Ethernet address, always spelt in lower case with colons: `52:54:00:00:00:16`. */
export type MacAddress = string & { readonly [macBrand]: true };

const canonical = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/;
const accepted = /^(?:[0-9a-f]{2}(?::[0-9a-f]{2}){5}|[0-9a-f]{2}(?:-[0-9a-f]{2}){5}|[0-9a-f]{4}(?:\.[0-9a-f]{4}){2})$/i;

/**
 * Reads a MAC in colon, hyphen or dotted notation.
 * Refuses the zero address and every group address (broadcast is one): no server sends from those (IEEE 802, I/G bit).
 */
export function parseMac(text: unknown): MacAddress | undefined {
  const bytes = parseAnyMac(text);
  if (bytes === undefined || bytes === '00:00:00:00:00:00') return undefined;
  const firstByte = Number.parseInt(bytes.slice(0, 2), 16);
  return (firstByte & 1) === 0 ? (bytes as MacAddress) : undefined;
}

/** The canonical spelling of any 48-bit address, group addresses included: what a frame may carry, not what may be sold. */
export function parseAnyMac(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  if (canonical.test(text)) return text;
  if (!accepted.test(text)) return undefined;
  const digits = text.replace(/[^0-9a-fA-F]/g, '').toLowerCase();
  return digits.replace(/(..)(?=.)/g, '$1:');
}

/** The six bytes of a MAC as numbers, most significant first. */
export function macBytes(mac: MacAddress): number[] {
  return mac.split(':').map((pair) => Number.parseInt(pair, 16));
}
