import { whyMissing, whyNoLab } from './lab-needs.js';

/** Tools that others made to forge, scan and flood, and to watch for it; each with the Debian package that has it. */
const programs: Readonly<Record<string, string>> = {
  scapy3: 'python3-scapy',
  arping: 'arping',
  arpspoof: 'dsniff',
  'atk6-fake_advertise6': 'thc-ipv6',
  na6: 'ipv6toolkit',
  'arp-scan': 'arp-scan',
  arpwatch: 'arpwatch',
  arpalert: 'arpalert',
};

/** Why these tools cannot be used here, ending with the one command that helps; undefined when they can. */
export function whyNoAttackTools(): string | undefined {
  return whyNoLab() ?? whyMissing(programs);
}
