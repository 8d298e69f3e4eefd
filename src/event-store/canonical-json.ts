/** Thrown for a value that has no RFC 8785 form; says where in the value. */
export class NotJson extends Error {
  constructor(path: string, found: string) {
    super(`${path || 'the value'} is ${found}: only JSON values can be stored (RFC 8785, RFC 7493)`);
    this.name = 'NotJson';
  }
}

const loneSurrogate = /\p{Surrogate}/u;
const deepest = 64;

/**
 * The RFC 8785 (JCS) form of a JSON value: members sorted by UTF-16 code units, numbers and strings as ECMAScript
 * writes them, no white space. A member that is undefined counts as absent, as in `JSON.stringify`.
 * @throws NotJson for anything else that is no JSON value, lone surrogates, and nesting deeper than 64
 */
export function canonicalJson(value: unknown): string {
  return canonical(value, '', 0);
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
  // A Date, Map or Buffer would silently become something else; instances of plain data classes are welcome.
  const tag = Object.prototype.toString.call(value);
  if (tag !== '[object Object]') throw new NotJson(path, `a ${tag.slice(8, -1)}`);
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
