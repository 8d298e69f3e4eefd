import type { FrameCounts } from './frame-tally.js';

/** The counts for people: one line for the whole, and one for each sort of frame that was not shown or not believed. */
export function countsText(counts: FrameCounts): string {
  const { frames, arp, nd } = counts;
  const whole = `${frames} frames: ${arp} ARP, ${nd} ND`;
  const lines = [
    whole,
    listed('malformed', counts.malformed),
    listed('no host believes', counts.unbelievable),
    listed('tunnels, not looked into', counts.tunnels),
    listed('skipped by link type', counts.skippedLinkTypes),
  ];
  return lines.filter((line) => line !== undefined).join('\n') + '\n';
}

function listed(what: string, parts: Readonly<Record<string, number>>): string | undefined {
  const entries = Object.entries(parts);
  if (entries.length === 0) return undefined;
  const sum = entries.reduce((total, [, frames]) => total + frames, 0);
  return `${sum} ${what}: ${entries.map(([name, frames]) => `${name} ${frames}`).join(', ')}`;
}
