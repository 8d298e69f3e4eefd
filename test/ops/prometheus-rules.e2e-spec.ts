import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { portledger } from '../cli/said.js';
import { RunningEngine } from '../e2e/running-engine.js';

interface RuleFile {
  readonly groups: readonly {
    readonly name: string;
    readonly rules: readonly {
      readonly alert: string;
      readonly expr: string;
      readonly for: string;
      readonly labels: Readonly<Record<string, string>>;
      readonly annotations: Readonly<Record<string, string>>;
    }[];
  }[];
}

describe('the rule file for Prometheus', () => {
  it('is YAML of the form that Prometheus reads, and asks for metrics that the engine has', async () => {
    const { code, out } = await portledger(['alerts', 'prometheus-rules']);
    expect(code).toBe(0);
    const { groups } = parse(out) as RuleFile;
    const rules = groups.flatMap((group) => group.rules);
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const rule of rules) {
      expect(Object.keys(rule).sort()).toEqual(['alert', 'annotations', 'expr', 'for', 'labels']);
      expect(rule.alert).toMatch(/^[A-Z][A-Za-z]+$/);
      expect(rule.for).toMatch(/^\d+[smhd]$/);
      expect(['critical', 'warning']).toContain(rule.labels['severity']);
      expect(rule.annotations['summary']).not.toBe('');
      for (const [open, close] of ['()', '{}', '[]'])
        expect(rule.expr.split(open ?? '').length).toBe(rule.expr.split(close ?? '').length);
    }
    const engine = await RunningEngine.start();
    try {
      const told = engine.parts.metrics.render();
      const asked = rules.flatMap(({ expr }) => expr.match(/portledger_[a-z_]+/g) ?? []);
      expect(asked.filter((name) => !told.includes(`# TYPE ${name} `))).toEqual([]);
      expect(new Set(asked).size).toBeGreaterThan(5);
    } finally {
      await engine.stop();
    }
  });

  it('goes to a file where one is named', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'portledger-rules-'));
    const file = join(directory, 'portledger.rules.yml');
    expect(await portledger(['alerts', 'prometheus-rules', '--out', file])).toMatchObject({ code: 0, out: '' });
    expect(readFileSync(file, 'utf8')).toBe((await portledger(['alerts', 'prometheus-rules'])).out);
    expect(await portledger(['alerts', 'prometheus-rules', '--out', directory])).toMatchObject({ code: 1 });
    rmSync(directory, { recursive: true });
  });
});
