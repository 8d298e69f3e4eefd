import type { Locator, Page } from 'playwright-core';

/** Runs in the page: what has the focus, and what keeps a reader from seeing that it has. */
const lookAtFocus = `(() => {
  const at = document.activeElement;
  if (at === null || at === document.body || at.id === 'content') return { at: 'the page', hidden: '' };
  const name = at.tagName.toLowerCase() + ' ' + (at.getAttribute('aria-label') ?? at.innerText ?? '').slice(0, 60);
  const { outlineStyle, outlineWidth } = getComputedStyle(at);
  if (!at.matches(':focus-visible') || outlineStyle === 'none' || parseFloat(outlineWidth) < 2)
    return { at: name, hidden: 'has no ring' };
  const { left, right, top, bottom } = at.getBoundingClientRect();
  const [x, y] = [(Math.max(left, 0) + Math.min(right, innerWidth)) / 2, (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2];
  if (right <= 0 || bottom <= 0 || left >= innerWidth || top >= innerHeight) return { at: name, hidden: 'is out of sight' };
  const shown = document.elementFromPoint(x, y);
  const isShown = shown !== null && (at.contains(shown) || shown.contains(at));
  return { at: name, hidden: isShown ? '' : 'is covered by ' + shown?.outerHTML.slice(0, 120) };
})()`;

/** Runs in the page before anything of it does: counts what only a pointer does. */
const countPointer = {
  content: `window.pointed = 0;
  for (const name of ['mousedown', 'pointerdown', 'click', 'touchstart'])
    document.addEventListener(name, (event) => { if (event.isTrusted && event.detail !== 0) window.pointed++; }, true);`,
};

const hasFocus = (element: unknown): boolean =>
  (element as { readonly ownerDocument: { readonly activeElement: unknown } }).ownerDocument.activeElement === element;

/** A bound: no page has as many stops. */
const mostStops = 150;

/** Somebody who has a keyboard only, and must see where they are after each key. */
export class ByKeyboard {
  /** How many keys were pressed so far; a text that was typed counts as one. */
  keys = 0;

  private constructor(readonly page: Page) {}

  static async on(page: Page): Promise<ByKeyboard> {
    await page.addInitScript(countPointer);
    await page.reload();
    return new ByKeyboard(page);
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      await this.page.keyboard.press(key);
      this.keys++;
      await this.seeFocus();
    }
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
    this.keys++;
    await this.seeFocus();
  }

  /** Goes on by Tab until this has the focus. */
  async tabTo(wanted: Locator): Promise<void> {
    await wanted.waitFor();
    const passed: string[] = [];
    for (let stops = 0; stops < mostStops; stops++) {
      passed.push(await this.tab());
      if (await wanted.evaluate(hasFocus)) return;
    }
    throw new Error(`Tab does not come to ${wanted.toString()}; it stopped at: ${passed.slice(-60).join('; ')}`);
  }

  /** Whether anything was done with a pointer. */
  async pointed(): Promise<number> {
    return this.page.evaluate<number>('window.pointed');
  }

  private async tab(): Promise<string> {
    await this.page.keyboard.press('Tab');
    this.keys++;
    return this.seeFocus();
  }

  private async seeFocus(): Promise<string> {
    const { at, hidden } = await this.page.evaluate<{ at: string; hidden: string }>(lookAtFocus);
    if (hidden !== '') throw new Error(`The focus is on ${at}, which ${hidden}.`);
    return at;
  }
}
