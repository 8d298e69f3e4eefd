import type { AlertItem, AlertMessage } from './alert.port.js';

/** What a mail says: plain text, one paragraph for each alert that is shown. */
export function mailText({ count, items, byKind, bySeverity }: AlertMessage): { subject: string; text: string } {
  const [first] = items;
  const worst = (['critical', 'high', 'medium', 'low'] as const).find((severity) => (bySeverity[severity] ?? 0) > 0);
  const mark = worst === undefined ? '' : `[${worst}] `;
  const subject = count === 1 ? `${mark}${first.kind}: ${oneLine(first.text)}` : `${mark}${count} alerts of portledger`;
  const counted = Object.entries(byKind).map(([kind, number]) => `${number} ${kind}`);
  const more = count - items.length;
  const paragraphs = [
    ...(count === 1 ? [] : [`${count} alerts: ${counted.join(', ')}.`]),
    ...items.map(paragraph),
    ...(more > 0 ? [`${more} more are not shown here: portledger violations lists all.`] : []),
  ];
  return { subject: subject.slice(0, 200), text: `${paragraphs.join('\n\n')}\n` };
}

function paragraph({ kind, at, text, violation, facts = {} }: AlertItem): string {
  const lines = [`${kind} at ${at}`, oneLine(text)];
  if (violation !== undefined) {
    const { rule, severity, state, site, port, vlan, attribution, claimedAddress, claimedMac, etherSource } = violation;
    lines.push(
      `rule ${rule}, severity ${severity}, state ${state}, heard ${violation.count} times, last at ${violation.lastSeen}`,
      `site ${site}, switch ${violation.switch}${port === undefined ? '' : `, port ${port} (${attribution})`}${vlan === undefined ? '' : `, VLAN ${vlan}`}`,
      `claimed ${claimedAddress ?? 'no address'} for ${claimedMac}, sent by ${etherSource}`,
      ...(violation.offender === undefined ? [] : [`sent from server ${violation.offender.serverId}`]),
      ...(violation.victim === undefined ? [] : [`the address is sold to server ${violation.victim.serverId}`]),
      violation.url ?? `portledger violations, id ${violation.violationId}`,
    );
  }
  for (const [name, value] of Object.entries(facts)) lines.push(`${name}: ${oneLine(value)}`);
  return lines.join('\n');
}

/** What others wrote may hold anything; a line of ours is one line, read from left to right. */
function oneLine(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ');
}
