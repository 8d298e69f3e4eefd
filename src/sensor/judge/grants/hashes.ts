/** 32 bits of two numbers of 32 bits; every bit of the result depends on every bit given. */
export function hashOfPair(high: number, low: number): number {
  let hash = Math.imul(high ^ Math.imul(low, 0x9e3779b1), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35);
  return hash ^ (hash >>> 13);
}

/** 32 bits of a prefix: its first two words, host bits zero, and its length. */
export function hashOfPrefix(first: number, second: number, length: number): number {
  return hashOfPair(first ^ Math.imul(length, 0x27d4eb2f), second);
}

const start = 0x811c9dc5;
const prime = 0x01000193;

/** 32 bits of an ASCII text (FNV-1a, then mixed). */
export function hashOfName(text: string): number {
  let hash = start;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), prime);
  return hashOfPair(hash, text.length);
}

/** As `hashOfName`, of the bytes from `from` to before `end`. */
export function hashOfNameBytes(bytes: Uint8Array, from: number, end: number): number {
  let hash = start;
  for (let index = from; index < end; index++) hash = Math.imul(hash ^ (bytes[index] ?? 0), prime);
  return hashOfPair(hash, end - from);
}
