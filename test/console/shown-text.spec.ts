import { shortText, shownText } from '../../src/console/shown-text.js';

describe('text of strangers', () => {
  it.each([
    ['plain', 'leaf1:Ethernet66', 'leaf1:Ethernet66'],
    ['of another script', 'Zürich 東京 שלום', 'Zürich 東京 שלום'],
    ['that turns its direction', 'a\u202eb\u2066c', 'a\\u202eb\\u2066c'],
    ['with colours of a terminal', '\u001b[31mred\u009b0m', '\\u001b[31mred\\u009b0m'],
    ['with lines and nothing to see', 'a\nb\u200b\u00ad\ufeff', 'a\\u000ab\\u200b\\u00ad\\ufeff'],
    ['of tags nobody sees', 'x\u{e0041}', 'x\\u{e0041}'],
    ['with half a character', 'x\ud800y', 'x\\ud800y'],
    ['that looks like markup', '<script>alert(1)</script>', '<script>alert(1)</script>'],
  ])('%s', (_what, text, shown) => expect(shownText(text)).toBe(shown));

  it('is cut where it is long, and says how long it was', () => {
    expect(shortText('x'.repeat(10_240), 20)).toBe(`${'x'.repeat(20)}… (10,240 characters)`);
    expect(shortText('x'.repeat(20), 20)).toBe('x'.repeat(20));
  });
});
