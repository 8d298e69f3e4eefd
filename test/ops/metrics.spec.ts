import { DurationHistogram, Metrics } from '../../src/ops/metrics.js';
import { parseExposition } from './exposition.js';

describe('a scrape', () => {
  it('tells every metric with HELP and TYPE, and texts as they are', () => {
    const metrics = new Metrics();
    const labels = { device: 'a "quoted" \\ name\nof two lines' };
    metrics.register({
      name: 'portledger_x_total',
      help: 'two\nlines \\',
      kind: 'counter',
      read: () => [{ labels, value: 3 }],
    });
    const family = parseExposition(metrics.render()).get('portledger_x_total');
    expect(family).toMatchObject({ help: 'two\\nlines \\\\', type: 'counter' });
    expect(family?.samples[0]?.labels.get('device')).toBe('a \\"quoted\\" \\\\ name\\nof two lines');
  });

  it('counts durations into every bucket that holds them', () => {
    const metrics = new Metrics();
    const durations = new DurationHistogram('portledger_y_seconds', 'How long.');
    metrics.register(durations);
    for (const seconds of [0.0001, 0.004, 0.005, 3, 100]) durations.observe(seconds);
    const samples = parseExposition(metrics.render()).get('portledger_y_seconds')?.samples ?? [];
    const of = (bound: string): number | undefined => samples.find(({ labels }) => labels.get('le') === bound)?.value;
    expect([of('0.0005'), of('0.005'), of('5'), of('10'), of('+Inf')]).toEqual([1, 3, 4, 4, 5]);
    expect(samples.find(({ name }) => name.endsWith('_sum'))?.value).toBeCloseTo(103.0091);
  });

  it.each(['portledger_x', 'other_x', 'portledger_X', 'portledger_'])(
    'has no second metric and no name like %s',
    (name) => {
      const metrics = new Metrics();
      const metric = { help: '', kind: 'gauge', read: () => [] } as const;
      metrics.register({ name: 'portledger_x', ...metric });
      expect(() => metrics.register({ name, ...metric })).toThrow('naming of Prometheus');
    },
  );
});

describe('the grammar of the test', () => {
  const good = '# HELP a_total x\n# TYPE a_total counter\na_total{b="c"} 1\n';
  it.each([
    ['nothing at its end', good.trimEnd()],
    ['a sample twice', `${good}a_total{b="c"} 2\n`],
    ['a sample of another family', `${good}b_total 2\n`],
    ['a word for a number', good.replace(' 1\n', ' one\n')],
    ['a quote in a label', good.replace('"c"', '"c"d"')],
    ['a TYPE without HELP', good.split('\n').slice(1).join('\n')],
    ['a counter of another name', good.replaceAll('a_total', 'a')],
  ])('finds %s', (_name, text) => {
    expect(() => parseExposition(good)).not.toThrow();
    expect(() => parseExposition(text)).toThrow();
  });
});
