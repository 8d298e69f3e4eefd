import { rules } from '../../../projections/index.js';

/** The README of the rules, made from their own words. */
export function rulesReadme(): string {
  const header = [
    '# Rules',
    '',
    'Made from the rule files. To write it again: `PORTLEDGER_WRITE_DOCS=1 npm run -s jest -- --selectProjects unit -t "README of the rules"`.',
    '',
    'A rule is `(observation, grants, memory) -> Finding | undefined`: it sees one ARP or ND claim and may look up what billing',
    'granted, nothing else. It cannot change the map. Of the rules that match a frame the first in this order gives its',
    'finding; the others are kept with it.',
    '',
    ...rules.map(
      ({ name, severity, mayBeInFlight }, index) =>
        `${index + 1}. [${name}](${name}.rule.ts): ${severity}${mayBeInFlight ? ', waits for billing (in-flight window)' : ''}`,
    ),
  ];
  const sections = rules.flatMap(({ name, version, text }) => [
    '',
    `## ${name}`,
    '',
    `Version ${version}. ${text.summary}`,
    '',
    `**Example.** ${text.example}`,
    '',
    'Stays silent on:',
    '',
    ...text.normalTraffic.map((line) => `- ${line}`),
    '',
    `**What to do.** ${text.whatToDo}`,
    ...(text.reference === undefined ? [] : ['', `**Reference.** ${text.reference}`]),
  ]);
  return [...header, ...sections, ''].join('\n');
}
