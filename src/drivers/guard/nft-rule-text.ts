/** The rule of `nft -j -p list` in our own spelling; undefined where it holds anything that no rule of ours has. */
export function ruleText(expressions: unknown): string | undefined {
  if (!Array.isArray(expressions)) return undefined;
  const words = expressions.map(statement);
  return words.includes(undefined) ? undefined : words.join(' ');
}

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The only key of an object, with its value. */
function only(value: unknown): [string, unknown] | undefined {
  if (!isObject(value)) return undefined;
  const entries = Object.entries(value);
  return entries.length === 1 ? entries[0] : undefined;
}

function statement(json: unknown): string | undefined {
  const [name, value] = only(json) ?? ['', undefined];
  switch (name) {
    case 'accept':
    case 'drop':
      return name;
    case 'goto':
    case 'jump':
      return isObject(value) && typeof value['target'] === 'string' ? `${name} ${value['target']}` : undefined;
    case 'counter':
      return 'counter';
    case 'limit':
      return limit(value);
    case 'match':
      return isObject(value) ? match(value) : undefined;
    case 'set':
      return isObject(value) ? addition(value) : undefined;
    default:
      return undefined;
  }
}

function match({ op, left, right }: Json): string | undefined {
  const [what, against] = [expression(left), expression(right)];
  if (what === undefined || against === undefined || (op !== '==' && op !== '!=')) return undefined;
  return `${what} ${op === '!=' ? '!= ' : ''}${against}`;
}

function limit(value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  const { rate, burst, per, inv } = value;
  if (typeof rate !== 'number' || typeof burst !== 'number' || typeof per !== 'string') return undefined;
  return `limit rate ${inv === true ? 'over ' : ''}${rate}/${per} burst ${burst} packets`;
}

/** `add @set { ... }`; older versions wrap an element that has a timeout. */
function addition({ op, elem, set, stmt }: Json): string | undefined {
  if (op !== 'add' || typeof set !== 'string') return undefined;
  const wrapped = isObject(elem) && isObject(elem['elem']) ? elem['elem'] : undefined;
  const key = expression(wrapped === undefined ? elem : wrapped['val']);
  const timeout = wrapped?.['timeout'];
  const inner = stmt === undefined ? '' : Array.isArray(stmt) ? ruleText(stmt) : undefined;
  if (key === undefined || inner === undefined) return undefined;
  const lasting = typeof timeout === 'number' ? ` timeout ${timeout}s` : '';
  return `add ${set} { ${key}${lasting}${inner === '' ? '' : ` ${inner}`} }`;
}

function expression(json: unknown): string | undefined {
  if (typeof json === 'number' || typeof json === 'string') return String(json);
  const [name, value] = only(json) ?? ['', undefined];
  switch (name) {
    case 'meta':
      return isObject(value) ? metaText(value['key']) : undefined;
    case 'payload':
      return isObject(value) ? payload(value) : undefined;
    case 'prefix':
      return isObject(value) ? `${String(value['addr'])}/${String(value['len'])}` : undefined;
    case 'concat':
      return joined(value, ' . ');
    case 'set': {
      const list = joined(value, ', ');
      return list === undefined ? undefined : `{ ${list} }`;
    }
    default:
      return undefined;
  }
}

function joined(value: unknown, between: string): string | undefined {
  if (!Array.isArray(value)) return undefined;
  const parts = value.map(expression);
  return parts.includes(undefined) ? undefined : parts.join(between);
}

function metaText(key: unknown): string | undefined {
  if (typeof key !== 'string') return undefined;
  return key === 'iifname' ? key : `meta ${key}`;
}

function payload({ protocol, field, base, offset, len }: Json): string | undefined {
  if (typeof protocol === 'string' && typeof field === 'string') return `${protocol} ${field}`;
  if (typeof base !== 'string' || typeof offset !== 'number' || typeof len !== 'number') return undefined;
  return `@${base},${offset},${len}`;
}
