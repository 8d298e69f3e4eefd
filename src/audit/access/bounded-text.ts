/** What a stranger wrote, as a text field of an event may hold it. */
export function boundedText(text: string, most: number): string {
  return text.slice(0, most).replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, '\ufffd');
}
