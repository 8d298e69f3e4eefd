import { rules, silentPaidServer } from '../../../projections/index.js';
import type { RuleText } from '../../../projections/rules/rule.js';

/** The README of the rules, made from their own words. */
export function rulesReadme(): string {
  const header = [
    '# Rules',
    '',
    'Made from the rule files. To write it again: `PORTLEDGER_WRITE_DOCS=1 npm run -s jest -- --selectProjects unit -t "README of the rules"`.',
    '',
    'A rule is `(observation, grants, memory) -> Finding | undefined`: it sees one ARP or ND claim and may look up what billing',
    'granted, and what it noted before, nothing else. It cannot change the map. Every rule is asked of every frame; of those that',
    'match, the first in this order gives the primary finding, and the others are kept with it. Where an operator granted an',
    'exception the rule is passed over, and the hit is counted.',
    '',
    ...rules.map(
      ({ name, severity, mayBeInFlight }, index) =>
        `${index + 1}. [${name}](${name}.rule.ts): ${severity}${mayBeInFlight ? ', waits for billing (in-flight window)' : ''}`,
    ),
    '',
    'No frame shows what is missing, so one more is a question asked now and then:',
    '',
    `- [${silentPaidServer.name}](${silentPaidServer.name}.query.ts): ${silentPaidServer.severity}`,
    '',
    'The numbers (how many, how long) and the reason for each are in [thresholds.ts](thresholds.ts).',
  ];
  return [...header, ...[...rules, silentPaidServer].flatMap(section), ''].join('\n');
}

function section(rule: { name: string; version: number; severity: string; text: RuleText }): string[] {
  const { name, version, severity, text } = rule;
  return [
    '',
    `## ${name}`,
    '',
    `Severity ${severity}, version ${version}. ${text.summary}`,
    '',
    `**Example.** ${text.example}`,
    '',
    'Stays silent on:',
    '',
    ...text.normalTraffic.map((line) => `- ${line}`),
    '',
    `**What to do.** ${text.whatToDo}`,
    ...(text.reference === undefined ? [] : ['', `**Reference.** ${text.reference}`]),
  ];
}
