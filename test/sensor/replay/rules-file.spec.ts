import { rules } from '../../../projections/index.js';
import { ConfigError } from '../../../src/config/app-config.js';
import { otherRules, readRulesFile } from '../../../src/sensor/replay/rules-file.js';

const problemsOf = (json: unknown): string[] => {
  try {
    otherRules(json, 'rules.json');
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.split('\n');
  }
};

describe('a file of other rules', () => {
  it('leaves every rule that it does not name as it is', () => {
    expect(otherRules({}, 'rules.json')).toEqual({ rules });
  });

  it('switches a rule off, and gives another one a severity', () => {
    const json = { rules: { 'unknown-mac': { on: false }, 'address-spoof': { severity: 'low' } }, inFlightWindowMs: 0 };
    const other = otherRules(json, 'rules.json');
    expect(other.rules.map((rule) => rule.name)).toEqual(
      rules.map((rule) => rule.name).filter((name) => name !== 'unknown-mac'),
    );
    expect(other.rules.find((rule) => rule.name === 'address-spoof')?.severity).toBe('low');
    expect(other.inFlightWindowMs).toBe(0);
  });

  it.each([
    [[], 'rules.json: /: found [], expected a JSON object'],
    [{ rule: {} }, 'rules.json: /rule: found an unknown key, expected one of rules, inFlightWindowMs.'],
    [{ rules: { 'unknow-mac': {} } }, 'Did you mean unknown-mac?'],
    [{ rules: { 'unknown-mac': false } }, '/rules/unknown-mac: found false, expected a JSON object'],
    [{ rules: { 'unknown-mac': { off: true } } }, '/rules/unknown-mac/off: found an unknown key, expected one of on'],
    [{ rules: { 'unknown-mac': { on: 'no' } } }, '/rules/unknown-mac/on: found "no", expected true or false'],
    [{ rules: { 'unknown-mac': { severity: 'urgent' } } }, 'found "urgent", expected one of low, medium, high'],
    [{ inFlightWindowMs: -1 }, '/inFlightWindowMs: found -1, expected a whole number of milliseconds'],
    [JSON.parse('{"rules": {"__proto__": {"on": false}}}'), '/rules/__proto__: found an unknown rule'],
  ])('is refused as %j', (json, why) => expect(problemsOf(json).join('\n')).toContain(why));

  it('is refused where it is not there, and the file is named', () => {
    expect(() => readRulesFile('/nonexistent/rules.json')).toThrow('/nonexistent/rules.json: /: found no file');
  });
});
