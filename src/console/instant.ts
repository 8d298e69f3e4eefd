/** How instants are shown: as the engine's clock says (UTC), or as the reader's does. */
export type Zone = 'utc' | 'local';

const two = (value: number): string => String(value).padStart(2, '0');

/** `2026-01-31 03:14:15` in that zone; an instant that cannot be read is shown as it came. @param text RFC 3339 */
export function shownInstant(text: string, zone: Zone): string {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) return text;
  if (zone === 'utc') return `${at.toISOString().slice(0, 10)} ${at.toISOString().slice(11, 19)}`;
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** `UTC`, or the reader's own offset from it at that time, such as `UTC+05:30`. */
export function zoneName(zone: Zone, at: Date = new Date()): string {
  const minutes = zone === 'utc' ? 0 : -at.getTimezoneOffset();
  if (minutes === 0) return 'UTC';
  const ahead = Math.abs(minutes);
  return `UTC${minutes < 0 ? '-' : '+'}${two(Math.floor(ahead / 60))}:${two(ahead % 60)}`;
}

const steps = [
  [60_000, 1_000, 's'],
  [3_600_000, 60_000, 'min'],
  [172_800_000, 3_600_000, 'h'],
  [Number.POSITIVE_INFINITY, 86_400_000, 'd'],
] as const;

/** How long ago, in one number: `12 s`, `5 min`, `3 h`, `9 d`; what is to come has `in` before it. */
export function age(text: string, nowMs: number): string {
  const ms = nowMs - Date.parse(text);
  if (Number.isNaN(ms)) return '';
  const length = Math.abs(ms);
  const [, unit, name] = steps.find(([below]) => length < below) ?? steps[3];
  const said = `${Math.floor(length / unit)} ${name}`;
  return ms < -1_000 ? `in ${said}` : said;
}
