import { readFileSync, writeFileSync } from 'node:fs';

/** A fenced block of a page that stands under a mark, an HTML comment such as `<!-- run -->`. */
export interface MarkedBlock {
  readonly mark: string;
  readonly language: string;
  readonly text: string;
}

const marked = /^<!-- (?<mark>[a-z ]+) -->\n+```(?<language>[a-z]*)\n(?<text>[\s\S]*?)^```$/gm;

/** True when the specs of the pages write what is so, instead of failing where a page says otherwise. */
export const isWriting = process.env['PORTLEDGER_WRITE_DOCS'] === '1';

export function markedBlocks(page: string): MarkedBlock[] {
  return [...readFileSync(page, 'utf8').matchAll(marked)].map(({ groups }) => ({
    mark: groups?.['mark'] ?? '',
    language: groups?.['language'] ?? '',
    text: groups?.['text'] ?? '',
  }));
}

/** The one block under this mark. Throws when there is none or more than one. */
export function markedBlock(page: string, mark: string): MarkedBlock {
  const [block, ...more] = markedBlocks(page).filter((one) => one.mark === mark);
  if (block === undefined || more.length > 0) {
    throw new Error(`${page}: expected one fenced block under <!-- ${mark} -->, found ${block ? more.length + 1 : 0}`);
  }
  return block;
}

/** Writes the text of the n-th block under this mark anew. */
export function writeMarkedBlock(page: string, mark: string, index: number, text: string): void {
  let seen = 0;
  const written = readFileSync(page, 'utf8').replace(marked, (whole: string, name: string, _language, old: string) => {
    if (name !== mark || seen++ !== index) return whole;
    return `${whole.slice(0, whole.length - old.length - '```'.length)}${text.trimEnd()}\n\`\`\``;
  });
  writeFileSync(page, written);
}
