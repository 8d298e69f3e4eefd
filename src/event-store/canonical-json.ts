/** Thrown for a value that has no RFC 8785 form; says where in the value. */
export class NotJson extends Error {
  constructor(path: string, found: string) {
    super(`${path || 'the value'} is ${found}: only JSON values can be stored (RFC 8785, RFC 7493)`);
    this.name = 'NotJson';
  }
}

const loneSurrogate = /\p{Surrogate}/u;
const deepest = 64;

/** A JSON value in its RFC 8785 form, and as `JSON.parse` reads that text: a copy that shares nothing with the original. */
export interface CanonicalForm {
  readonly text: string;
  readonly value: unknown;
}

/**
 * The RFC 8785 (JCS) form of a JSON value: members sorted by UTF-16 code units, numbers and strings as ECMAScript
 * writes them, no white space. A member that is undefined counts as absent, as in `JSON.stringify`.
 * @throws NotJson for anything else that is no JSON value, lone surrogates, and nesting deeper than 64
 */
export function canonicalJson(value: unknown): string {
  // What was read from a log is in order already, and then needs no copy.
  return (isInOrder(value, 0) ? nativeText(value) : quickForm(value)?.text) ?? canonical(value, '', 0);
}

/** The text of `canonicalJson` together with the value that it stands for, in less time than to parse it again. */
export function canonicalForm(value: unknown): CanonicalForm {
  const quick = quickForm(value);
  if (quick !== undefined) return quick;
  const text = canonical(value, '', 0);
  return { text, value: JSON.parse(text) as unknown };
}

/** A text as a member of RFC 8785 JSON; the caller has made sure that it is well-formed. */
export function quoted(text: string): string {
  return isPlainText(text) ? `"${text}"` : JSON.stringify(text);
}

/** Whether JSON writes a text as it is: printable ASCII without quotation marks and backslashes. */
export function isPlainText(text: string): boolean {
  return plainText.test(text);
}

const plainText = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

// The short way: a copy with its members in order is written by JSON.stringify, which is native. Whatever JSON.stringify
// would write otherwise than RFC 8785 (or must be refused with its path) goes the long way.
function quickForm(value: unknown): CanonicalForm | undefined {
  const copy = orderedCopy(value, 0);
  if (copy === undefined) return undefined;
  const text = nativeText(copy);
  return text === undefined ? undefined : { text, value: copy };
}

/** Undefined where JSON.stringify had to escape a lone surrogate; the long way says where it stands. */
function nativeText(value: unknown): string | undefined {
  const text = JSON.stringify(value);
  return text.includes('\\ud') ? undefined : text;
}

/** Whether JSON.stringify writes exactly the RFC 8785 form: JSON values only, the members of every object in order. */
function isInOrder(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value);
    case 'object':
      if (value === null) return true;
      if (depth === deepest) return false;
      return Array.isArray(value) ? areItemsInOrder(value, depth) : areMembersInOrder(value, depth);
    case 'undefined':
    case 'function':
    case 'symbol':
    case 'bigint':
      return false;
  }
}

function areItemsInOrder(items: readonly unknown[], depth: number): boolean {
  for (let index = 0; index < items.length; index++) if (!isInOrder(items[index], depth + 1)) return false;
  return true;
}

function areMembersInOrder(value: object, depth: number): boolean {
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  let before: string | undefined;
  for (const key of Object.keys(value)) {
    if (before !== undefined && key < before) return false;
    if (!isInOrder((value as Record<string, unknown>)[key], depth + 1)) return false;
    before = key;
  }
  return true;
}

/** Undefined where the short way does not lead to the end. */
function orderedCopy(value: unknown, depth: number): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      if (!Number.isFinite(value)) return undefined;
      // RFC 8785 writes -0 as 0, and so it is read.
      return value === 0 ? 0 : value;
    case 'object':
      if (value === null) return null;
      if (depth === deepest) return undefined;
      return Array.isArray(value) ? copiedItems(value, depth) : copiedMembers(value, depth);
    case 'undefined':
    case 'function':
    case 'symbol':
    case 'bigint':
      return undefined;
  }
}

function copiedItems(items: readonly unknown[], depth: number): unknown[] | undefined {
  const copy: unknown[] = [];
  for (let index = 0; index < items.length; index++) {
    const item = orderedCopy(items[index], depth + 1);
    if (item === undefined) return undefined;
    copy.push(item);
  }
  return copy;
}

function copiedMembers(value: object, depth: number): object | undefined {
  if (Object.getPrototypeOf(value) !== Object.prototype && !isPlain(value)) return undefined;
  const copy: Record<string, unknown> = {};
  for (const key of inOrder(Object.keys(value))) {
    const member = (value as Record<string, unknown>)[key];
    if (member === undefined) continue;
    // An object lists names that are numbers first, and __proto__ is no name like others.
    const start = key.charCodeAt(0);
    if ((start >= 48 && start <= 57) || start === 95) return undefined;
    const copied = orderedCopy(member, depth + 1);
    if (copied === undefined) return undefined;
    copy[key] = copied;
  }
  return copy;
}

/** Sorts by UTF-16 code units, in place; few names, and mostly in order, so by insertion. */
function inOrder(keys: string[]): string[] {
  if (keys.length > 16) return keys.sort();
  for (let end = 1; end < keys.length; end++) {
    const key = keys[end];
    if (key === undefined) break;
    let at = end - 1;
    for (let before = keys[at]; before !== undefined && before > key; before = keys[--at]) keys[at + 1] = before;
    keys[at + 1] = key;
  }
  return keys;
}

// A Date, Map or Buffer would silently become something else; instances of plain data classes are welcome.
function isPlain(value: object): boolean {
  return Object.prototype.toString.call(value) === '[object Object]';
}

function canonical(value: unknown, path: string, depth: number): string {
  switch (typeof value) {
    case 'string':
      return canonicalString(value, path);
    case 'number':
      if (!Number.isFinite(value)) throw new NotJson(path, String(value));
      return JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      return value === null ? 'null' : canonicalContainer(value, path, depth);
    case 'undefined':
    case 'function':
    case 'symbol':
    case 'bigint':
      throw new NotJson(path, `of type ${typeof value}`);
  }
}

function canonicalContainer(value: object, path: string, depth: number): string {
  if (depth === deepest) throw new NotJson(path, `nested deeper than ${deepest} levels`);
  if (Array.isArray(value)) {
    const items = Array.from(value, (item: unknown, index) => canonical(item, `${path}[${index}]`, depth + 1));
    return `[${items.join(',')}]`;
  }
  if (!isPlain(value)) throw new NotJson(path, `a ${Object.prototype.toString.call(value).slice(8, -1)}`);
  let text = '';
  for (const key of Object.keys(value).sort()) {
    const member = (value as Record<string, unknown>)[key];
    if (member === undefined) continue;
    const at = path === '' ? key : `${path}.${key}`;
    text += `${text === '' ? '' : ','}${canonicalString(key, at)}:${canonical(member, at, depth + 1)}`;
  }
  return `{${text}}`;
}

function canonicalString(value: string, path: string): string {
  const text = JSON.stringify(value);
  // JSON.stringify escapes a lone surrogate, so only a text that grew can hold one.
  if (text.length !== value.length + 2 && loneSurrogate.test(value))
    throw new NotJson(path, 'text with a lone surrogate');
  return text;
}
