const shape = /^([1-9][0-9]{0,4})(ms|s)$/;
const leastMs = 100;
const mostMs = 60_000;

/** How long a caller waits at most, in ms: `30s`, `500ms`; undefined for any other text, or outside 100 ms to 60 s. */
export function parseWait(text: unknown): number | undefined {
  const [, count, unit] = (typeof text === 'string' && shape.exec(text)) || [];
  const ms = Number(count) * (unit === 's' ? 1000 : 1);
  return ms >= leastMs && ms <= mostMs ? ms : undefined;
}
