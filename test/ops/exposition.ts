/** One family of metrics as a scrape tells it. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly samples: { readonly name: string; readonly labels: ReadonlyMap<string, string>; readonly value: number }[];
}

const nameForm = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const labelForm = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\[\\\\"n])*"';
const sampleForm = new RegExp(`^(${nameForm})(?:\\{(${labelForm}(?:,${labelForm})*)\\})? (\\S+)$`);

/** Reads Prometheus' text format 0.0.4 by the letter of its grammar; throws at the first line that breaks it. */
export function parseExposition(text: string): Map<string, Family> {
  if (!text.endsWith('\n')) throw new Error('the last line does not end');
  const families = new Map<string, Family>();
  let help: [name: string, text: string] | undefined;
  let family: Family | undefined;
  for (const line of text.slice(0, -1).split('\n')) {
    const [, helpName, helpText] = /^# HELP (\S+) ((?:[^\\]|\\[\\n])+)$/.exec(line) ?? [];
    const [, typeName, type] = /^# TYPE (\S+) (counter|gauge|histogram)$/.exec(line) ?? [];
    if (helpName !== undefined && helpText !== undefined) {
      if (help !== undefined) throw new Error(`HELP of ${help[0]} has no TYPE`);
      help = [helpName, helpText];
    } else if (typeName !== undefined && type !== undefined) {
      if (help?.[0] !== typeName) throw new Error(`TYPE of ${typeName} stands without its HELP`);
      if (families.has(typeName)) throw new Error(`${typeName} is told twice`);
      family = { name: typeName, help: help[1], type, samples: [] };
      families.set(typeName, family);
      help = undefined;
    } else addSample(family, line);
  }
  for (const one of families.values()) checkFamily(one);
  return families;
}

function addSample(family: Family | undefined, line: string): void {
  const [, name, labelText = '', valueText] = sampleForm.exec(line) ?? [];
  if (name === undefined || valueText === undefined || family === undefined) throw new Error(`no sample: ${line}`);
  const suffixes = family.type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
  if (!suffixes.some((suffix) => name === family.name + suffix))
    throw new Error(`${name} is no part of ${family.name}`);
  const value = valueText === '+Inf' ? Number.POSITIVE_INFINITY : Number(valueText);
  if (Number.isNaN(value)) throw new Error(`no number: ${line}`);
  const labels = new Map<string, string>();
  for (const [, label = '', written = ''] of labelText.matchAll(/([a-zA-Z0-9_]+)="((?:[^"\\]|\\.)*)"/g)) {
    if (labels.has(label)) throw new Error(`label ${label} twice: ${line}`);
    labels.set(label, written);
  }
  family.samples.push({ name, labels, value });
}

function checkFamily({ name, type, samples }: Family): void {
  const keys = samples.map((sample) => JSON.stringify([sample.name, [...sample.labels].sort()]));
  if (new Set(keys).size !== keys.length) throw new Error(`${name} has a sample twice`);
  if (type === 'counter' && !name.endsWith('_total')) throw new Error(`counter ${name} does not end in _total`);
  if (type !== 'histogram') return;
  const buckets = samples.filter((sample) => sample.name.endsWith('_bucket')).map(({ value }) => value);
  const count = samples.find((sample) => sample.name.endsWith('_count'))?.value;
  if (buckets.some((value, index) => value < (buckets[index - 1] ?? 0))) throw new Error(`${name} is not cumulative`);
  if (buckets.at(-1) !== count) throw new Error(`the last bucket of ${name} is not its count`);
}
