import { readFileSync } from 'node:fs';
import type { Severity } from '../../../events/index.js';
import { type Rule, rules as allRules } from '../../../projections/index.js';
import { ConfigError } from '../../config/app-config.js';
import { didYouMean } from '../../config/nearest.js';
import { type ShapeProblem, showValue } from '../../config/shape.js';

/** How a replay judges otherwise than a sensor does. */
export interface OtherRules {
  readonly rules: readonly Rule[];
  readonly inFlightWindowMs?: number;
}

const severities: readonly Severity[] = ['low', 'medium', 'high', 'critical'];
const longestWindowMs = 600_000;
const sections = ['rules', 'inFlightWindowMs'] as const;
const settings = ['on', 'severity'] as const;

/**
 * Reads a file that switches rules off or on and gives them another severity:
 * `{"rules": {"unknown-mac": {"on": false}, "address-spoof": {"severity": "critical"}}, "inFlightWindowMs": 0}`.
 * A rule that it does not name stays as it is. Throws a ConfigError that names every value that is not as expected.
 */
export function readRulesFile(file: string): OtherRules {
  return otherRules(jsonIn(file), file);
}

/** As `readRulesFile`, for parsed JSON; `file` names it in errors. */
export function otherRules(json: unknown, file: string): OtherRules {
  const problems: ShapeProblem[] = [];
  const given = objectAt(json, '', problems);
  strayKeys(given, sections, '', 'key', problems);
  const named = given['rules'] === undefined ? {} : objectAt(given['rules'], '/rules', problems);
  const names = allRules.map((rule) => rule.name);
  strayKeys(named, names, '/rules', 'rule', problems);
  const rules = allRules.flatMap((rule) => {
    const wanted = named[rule.name];
    return wanted === undefined ? [rule] : ruleAs(rule, wanted, `/rules/${rule.name}`, problems);
  });
  const inFlightWindowMs = windowOf(given['inFlightWindowMs'], problems);
  if (problems.length > 0) throw new ConfigError(file, problems);
  return { rules, ...(inFlightWindowMs !== undefined && { inFlightWindowMs }) };
}

function ruleAs(rule: Rule, wanted: unknown, pointer: string, problems: ShapeProblem[]): Rule[] {
  const given = objectAt(wanted, pointer, problems);
  strayKeys(given, settings, pointer, 'key', problems);
  const { on = true, severity = rule.severity } = given;
  if (typeof on !== 'boolean') problems.push({ pointer: `${pointer}/on`, ...wrong(on, 'true or false') });
  const asNamed = severities.find((one) => one === severity);
  if (asNamed === undefined)
    problems.push({ pointer: `${pointer}/severity`, ...wrong(severity, `one of ${severities.join(', ')}`) });
  return on === false || asNamed === undefined ? [] : [{ ...rule, severity: asNamed }];
}

function windowOf(value: unknown, problems: ShapeProblem[]): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= longestWindowMs) return value;
  const expected = `a whole number of milliseconds from 0 to ${longestWindowMs}`;
  problems.push({ pointer: '/inFlightWindowMs', ...wrong(value, expected) });
  return undefined;
}

function objectAt(value: unknown, pointer: string, problems: ShapeProblem[]): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  problems.push({ pointer, ...wrong(value, 'a JSON object') });
  return {};
}

function strayKeys(
  given: object,
  known: readonly string[],
  pointer: string,
  what: 'key' | 'rule',
  problems: ShapeProblem[],
): void {
  for (const key of Object.keys(given)) {
    if (known.includes(key)) continue;
    const expected = `one of ${known.join(', ')}.${didYouMean(key, known)}`;
    problems.push({ pointer: `${pointer}/${key}`, found: `an unknown ${what}`, expected });
  }
}

const wrong = (value: unknown, expected: string): Pick<ShapeProblem, 'found' | 'expected'> => ({
  found: showValue(value),
  expected,
});

function jsonIn(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const found = `no file that can be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`;
    throw new ConfigError(file, [{ pointer: '', found, expected: 'a file of rules' }]);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    const found = `text that is not JSON (${(error as Error).message})`;
    throw new ConfigError(file, [{ pointer: '', found, expected: 'a JSON object' }]);
  }
}
