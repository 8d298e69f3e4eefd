const start = 0x811c9dc5;
const prime = 0x01000193;

/** 32 bits of a text (FNV-1a over its UTF-16 units, then mixed). Reads the text from `from` up to `to`. */
export function hashOfText(text: string, from = 0, to = text.length): number {
  let hash = start;
  for (let index = from; index < to; index++) hash = Math.imul(hash ^ text.charCodeAt(index), prime);
  return mixed(hash);
}

/** 32 bits of two whole numbers up to 2^53. */
export function hashOfNumbers(first: number, second: number): number {
  let hash = Math.imul(start ^ (first | 0), prime);
  hash = Math.imul(mixed(hash ^ highPart(first)), prime) ^ (second | 0);
  return mixed(Math.imul(hash, prime) ^ highPart(second));
}

function highPart(value: number): number {
  return value < 0x100000000 ? 0 : (value / 0x100000000) | 0;
}

/** Every bit of the result depends on every bit given (the last steps of murmur3). */
function mixed(bits: number): number {
  let hash = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
