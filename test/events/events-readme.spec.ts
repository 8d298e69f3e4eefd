import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { catalogue, contractOf, type EventContract, eventTypes } from '../../events/index.js';
import { fieldsOf, streamPattern } from '../support/contract-fields.js';
import { expectGenerated, markdownTable } from '../support/markdown.js';

const folders = ['billing', 'network', 'security', 'journal'];

/** The doc comment of every event class, by class name, and the file it stands in. */
function docComments(): Map<string, { readonly text: string; readonly file: string }> {
  const found = new Map<string, { text: string; file: string }>();
  for (const file of folders.flatMap((one) =>
    readdirSync(join('events', one)).map((name) => join('events', one, name)),
  )) {
    const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
    source.forEachChild((node) => {
      if (!ts.isClassDeclaration(node) || node.name === undefined) return;
      const [comment] = ts.getJSDocCommentsAndTags(node);
      const text = comment === undefined ? '' : (ts.getTextOfJSDocComment(comment.comment) ?? '');
      found.set(node.name.text, { text: text.replace(/\s+/g, ' '), file });
    });
  }
  return found;
}

const comments = docComments();

/** The sentences of a comment that say what the event must not be taken for. */
function limits(type: string): string {
  const sentences = (comments.get(type)?.text ?? '').split(/(?<=\.)\s+/);
  return sentences.filter((one) => /\b(not|no|nothing|never|need not|nobody)\b/i.test(one)).join(' ');
}

function contractFor(type: string): EventContract {
  const contract = contractOf(type);
  if (contract === undefined) throw new Error(`${type} has no contract`);
  return contract;
}

function table(): string {
  const rows = eventTypes.map((type) => {
    const contract = contractFor(type);
    const fields = fieldsOf(contract).map(({ name, required }) => (required ? name : `${name}?`));
    return [type, contract.scope, `\`${streamPattern(contract)}\``, fields.join(', '), limits(type)];
  });
  return markdownTable([['type', 'scope', 'stream', 'fields', 'what it does not mean'], ...rows]);
}

function kinds(): string {
  const said = new Map<string, string>();
  for (const type of eventTypes)
    for (const { name, expected } of fieldsOf(contractFor(type))) {
      const old = said.get(name);
      if (old === undefined) said.set(name, expected);
      else if (!old.split('; or ').includes(expected)) said.set(name, `${old}; or ${expected}`);
    }
  return markdownTable([['field', 'expected'], ...[...said].sort(([a], [b]) => (a < b ? -1 : 1))]);
}

describe('the page of the published language', () => {
  it('is generated from the catalogue', () => {
    expectGenerated('events/README.md', 'catalogue', `${table()}\n\n### Fields\n\n${kinds()}`);
  });

  it.each(eventTypes)('%s says who publishes it and what it does not mean', (type) => {
    expect(comments.get(type)?.text).toMatch(/\b(published|written|stored|stream) (by|in)?/i);
    expect(limits(type)).not.toBe('');
  });

  it.each(eventTypes)('%s stands in a file of its own that has its name', (type) => {
    const kebab = type.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();
    expect(comments.get(type)?.file).toMatch(new RegExp(`/${kebab}\\.event\\.ts$`));
  });

  it('has a line in the change log for every type and version', () => {
    const log = readFileSync('events/CHANGELOG.md', 'utf8');
    const missing = eventTypes.filter((type) => !log.includes(`\`${type}\` v${catalogue[type].version}`));
    expect(missing).toEqual([]);
  });
});
