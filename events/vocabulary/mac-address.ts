declare const macBrand: unique symbol;
/** A unicast 48-bit Ethernet address, always spelt in lower case with colons: `52:54:00:00:00:16`. */
export type MacAddress = string & { readonly [macBrand]: true };

const accepted = /^(?:[0-9a-f]{2}(?::[0-9a-f]{2}){5}|[0-9a-f]{2}(?:-[0-9a-f]{2}){5}|[0-9a-f]{4}(?:\.[0-9a-f]{4}){2})$/i;

/**
 * Reads a MAC in colon, hyphen or dotted notation.
 * Refuses the zero address and every group address (broadcast is one): no server sends from those (IEEE 802, I/G bit).
 */
export function parseMac(text: unknown): MacAddress | undefined {
  const mac = parseAnyMac(text);
  if (mac === undefined || mac === '00:00:00:00:00:00') return undefined;
  return (hexDigitAt(mac, 1) & 1) === 0 ? (mac as MacAddress) : undefined;
}

/** The canonical spelling of any 48-bit address, group addresses included: what a frame may carry, not what may be sold. */
export function parseAnyMac(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  if (isCanonical(text)) return text;
  if (!accepted.test(text)) return undefined;
  const digits = text.replace(/[^0-9a-fA-F]/g, '').toLowerCase();
  return digits.replace(/(..)(?=.)/g, '$1:');
}

/** The one spelling, told without a regular expression: a replay reads a MAC in every third event. */
function isCanonical(text: string): boolean {
  if (text.length !== 17) return false;
  for (let index = 0; index < 17; index++) {
    const code = text.charCodeAt(index);
    if (index % 3 === 2) {
      if (code !== colon) return false;
    } else if (!((code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x66))) return false;
  }
  return true;
}

const colon = 0x3a;

/** The six bytes of a MAC as numbers, most significant first. */
export function macBytes(mac: MacAddress): number[] {
  return mac.split(':').map((pair) => Number.parseInt(pair, 16));
}

/** The 48 bits of a MAC in canonical spelling as one number. */
export function macNumber(mac: string): number {
  return halfOf(mac, 0) * 0x1000000 + halfOf(mac, 9);
}

/** The canonical spelling of 48 bits. */
export function formatMac(bits: number): MacAddress {
  const high = Math.floor(bits / 0x1000000);
  const low = bits % 0x1000000;
  return String.fromCharCode(
    hexCode(high >>> 20),
    hexCode(high >>> 16),
    colon,
    hexCode(high >>> 12),
    hexCode(high >>> 8),
    colon,
    hexCode(high >>> 4),
    hexCode(high),
    colon,
    hexCode(low >>> 20),
    hexCode(low >>> 16),
    colon,
    hexCode(low >>> 12),
    hexCode(low >>> 8),
    colon,
    hexCode(low >>> 4),
    hexCode(low),
  ) as MacAddress;
}

/** Three of the six bytes, from this place in the text on. */
function halfOf(mac: string, start: number): number {
  let bits = 0;
  for (let index = start; index < start + 9; index += 3)
    bits = (bits << 8) | (hexDigitAt(mac, index) << 4) | hexDigitAt(mac, index + 1);
  return bits;
}

/** The value of a lower-case hexadecimal digit. */
function hexDigitAt(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return code <= 0x39 ? code - 0x30 : code - 0x57;
}

/** The character of the last four bits. */
function hexCode(bits: number): number {
  const digit = bits & 15;
  return digit < 10 ? 0x30 + digit : 0x57 + digit;
}
