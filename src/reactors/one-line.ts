/** A daemon's words may span lines; an event's text may not, and it has a limit. */
export function oneLine(text: string): string {
  return text
    .replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, 240)
    .replace(/[\uD800-\uDBFF]$/, '');
}
