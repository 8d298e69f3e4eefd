/** One value of a metric, with what tells it apart. Labels name devices, rules and sensors; never a MAC or an address. */
export interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Metric {
  /** `portledger_...`, in base units; a counter's ends in `_total`. */
  readonly name: string;
  readonly help: string;
  readonly kind: 'gauge' | 'counter';
  /** Asked at each scrape; answers from memory. */
  read(): Iterable<Sample>;
}

/** Upper bounds of the buckets of durations, seconds. */
const bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** How long something took, counted by how long. */
export class DurationHistogram {
  private readonly counts = bounds.map(() => 0);
  private sum = 0;
  private count = 0;

  constructor(
    readonly name: string,
    readonly help: string,
  ) {}

  observe(seconds: number): void {
    this.sum += seconds;
    this.count++;
    const at = bounds.findIndex((bound) => seconds <= bound);
    if (at >= 0) this.counts[at] = (this.counts[at] ?? 0) + 1;
  }

  lines(): string[] {
    let below = 0;
    const buckets = bounds.map((bound, index) => {
      below += this.counts[index] ?? 0;
      return sampleLine(`${this.name}_bucket`, { labels: { le: String(bound) }, value: below });
    });
    return [
      ...buckets,
      sampleLine(`${this.name}_bucket`, { labels: { le: '+Inf' }, value: this.count }),
      sampleLine(`${this.name}_sum`, { value: this.sum }),
      sampleLine(`${this.name}_count`, { value: this.count }),
    ];
  }
}

/** What the engine says of itself in figures, as Prometheus reads it (text format 0.0.4). Each room registers its own. */
export class Metrics {
  private readonly all = new Map<string, Metric | DurationHistogram>();

  /** Throws when the name is taken or is no name of a metric. */
  register(metric: Metric | DurationHistogram): void {
    const { name } = metric;
    if (!/^portledger_[a-z][a-z0-9_]*$/.test(name) || this.all.has(name))
      throw new Error(`Metric ${name} is registered twice or is no name; see the naming of Prometheus.`);
    this.all.set(name, metric);
  }

  /** Every metric with HELP and TYPE, in the order in which they were registered. */
  render(): string {
    return [...this.all.values()].map(textOf).join('');
  }
}

function textOf(metric: Metric | DurationHistogram): string {
  const { name, help } = metric;
  const isHistogram = metric instanceof DurationHistogram;
  const samples = isHistogram ? metric.lines() : [...metric.read()].map((sample) => sampleLine(name, sample));
  const kind = isHistogram ? 'histogram' : metric.kind;
  const lines = [`# HELP ${name} ${escaped(help)}`, `# TYPE ${name} ${kind}`, ...samples];
  return lines.map((line) => `${line}\n`).join('');
}

function sampleLine(name: string, { labels = {}, value }: Sample): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text).replaceAll('"', '\\"')}"`);
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}`;
}

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
