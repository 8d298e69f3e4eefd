// Names come from billing, devices and frames: strangers write them. A text node cannot run, but it can still lie.

/** What moves, hides or reorders text: control and format characters (all bidirectional marks), lone surrogates, line separators, fillers. */
const lying = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/gu;

/** The text as it may be shown: each character that would not be seen as itself is spelt, such as `\u202e`. */
export function shownText(text: string): string {
  return text.replace(lying, spelt);
}

/** As `shownText`, and cut: what is longer than `most` characters ends with how long it is. */
export function shortText(text: string, most = 120): string {
  if (text.length <= most) return shownText(text);
  return `${shownText(text.slice(0, most))}… (${text.length.toLocaleString('en')} characters)`;
}

function spelt(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
