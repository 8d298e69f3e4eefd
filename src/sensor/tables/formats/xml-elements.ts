/** An element of a flat XML text: its name, its attributes unread, and the text directly in it. */
export interface XmlElement {
  readonly name: string;
  text: string;
  readonly children: XmlElement[];
}

const mostDepth = 64;
const token = /<[!?][^<>]*>|<(\/?)([A-Za-z_][\w.:-]{0,100})([^<>]*)>|([^<]+)/g;
const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/**
 * The elements of an XML text as a tree, in one pass; undefined for a text that is none or nests deeper than 64. No DTD, no
 * external entities: names and text are all there is.
 */
export function xmlOf(text: string): XmlElement | undefined {
  const root: XmlElement = { name: '', text: '', children: [] };
  const open = [root];
  for (const [, closing, name, attributes = '', words] of text.matchAll(token)) {
    const top = open.at(-1);
    if (top === undefined) return undefined;
    if (words !== undefined)
      top.text += words.replace(/&(lt|gt|amp|quot|apos);/g, (_, one: string) => entities[one] ?? '');
    else if (name !== undefined && closing === '/') {
      if (open.length < 2 || top.name !== name) return undefined;
      open.pop();
    } else if (name !== undefined) {
      const element: XmlElement = { name, text: '', children: [] };
      top.children.push(element);
      if (!attributes.trimEnd().endsWith('/')) open.push(element);
      if (open.length > mostDepth) return undefined;
    }
  }
  return open.length === 1 && root.children.length > 0 ? root : undefined;
}

/** Every element of these names, wherever it stands, in order. */
export function elementsOf(root: XmlElement, names: ReadonlySet<string>): XmlElement[] {
  return root.children.flatMap((one) => (names.has(one.name) ? [one] : elementsOf(one, names)));
}

/** The text of a child, trimmed; undefined where there is no such child. */
export function childText(element: XmlElement, name: string): string | undefined {
  return element.children.find((one) => one.name === name)?.text.trim();
}
