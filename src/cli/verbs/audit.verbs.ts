import type { Verb } from '../command.js';
import { doors, openLog, openReader } from '../open-log.js';

/** Asking the log. */
export const auditVerbs: readonly Verb[] = [
  {
    name: 'map',
    summary: 'Show the IP <-> MAC <-> port map, now or as of any moment',
    examples: ['portledger map --port leaf1:Ethernet16', 'portledger map --ip 198.51.100.16 --at 2026-01-31T03:14:00Z'],
    load: async () => (await import('../../audit/map.command.js')).mapCommand(openReader),
  },
  {
    name: 'pair',
    summary: 'Show the IPv4 and the IPv6 address that go together for a MAC',
    examples: ['portledger pair 52:54:00:00:00:16', 'portledger pair 198.51.100.16', 'portledger pair srv-16 --json'],
    load: async () => (await import('../../audit/pairs/pair.command.js')).pairCommand,
  },
  {
    name: 'find',
    summary: 'Find an address, MAC, prefix, server, customer, port, violation or event by any notation',
    examples: ['portledger find 5254.0000.0016', 'portledger find "leaf1 e16"', "portledger find '#1200' --past"],
    load: async () => (await import('../../audit/find/find.command.js')).findCommand,
  },
  {
    name: 'audit',
    summary: 'Answer who had what when and why, and prove that nobody rewrote the log',
    examples: [
      "portledger audit who-had 203.0.113.7 --at 'last tuesday 03:14'",
      'portledger audit at yesterday 14:00',
      'portledger audit who-had 203.0.113.7 --at 2026-01-27T03:14:00Z',
      'portledger audit who-had 5254.0000.0016 --between 2026-01-26T00:00:00Z..2026-01-31T00:00:00Z',
      "portledger audit explain 198.51.100.16 --known-at '#1200'",
      'portledger audit explain server:srv-17 --offline ./backup',
      "portledger audit diff 'yesterday 14:00' '1h ago'",
      "portledger audit diff '#1200' '#1300'",
      "portledger audit step --from '#1200' --to '#1210'",
      'portledger audit step 198.51.100.16 --offline ./backup',
      'portledger audit verify --checkpoint checkpoints.txt --key portledger.pub',
      'portledger audit dossier who-had 203.0.113.7 --at 2026-01-27T03:14:00Z -o case-4711.zip',
      'portledger audit verify-dossier case-4711.zip --key portledger.pub',
    ],
    load: async () => (await import('../../audit/audit.command.js')).auditCommand(openReader, openLog),
  },
  {
    name: 'report day',
    summary: 'Write or mail the page of the morning: violations, noisy ports, moves, drift, approvals',
    examples: [
      'portledger report day -o day.html',
      'portledger report day --since 7d --json',
      'portledger report day --offline ./backup',
      'portledger report day --mail --dry-run',
    ],
    load: async () => (await import('../../audit/report/report.command.js')).reportDayCommand(doors),
  },
  {
    name: 'report addons',
    summary: 'Show the invoice lines of a month: IPv4 add-ons pro rata, each with the events of its route',
    examples: [
      'portledger report addons --month 2026-10',
      'portledger report addons --month 2026-10 --customer cust-7 --csv',
      "portledger report addons --month 2026-10 --billed-at '2026-11-01T00:00:00Z'",
      'portledger report addons --offline ./backup -o addons.html',
    ],
    load: async () => (await import('../../audit/report/money/money.command.js')).moneyReportCommand('addons', doors),
  },
  {
    name: 'report yield',
    summary: 'Show what IPv4 add-ons earn: by address, by /24 and by month',
    examples: ['portledger report yield --month 2026-10', 'portledger report yield -o yield.html'],
    load: async () => (await import('../../audit/report/money/money.command.js')).moneyReportCommand('yield', doors),
  },
  {
    name: 'report idle',
    summary: 'Show addresses that are paid for and never seen, and such that are used and not paid for',
    examples: ['portledger report idle', 'portledger report idle --csv'],
    load: async () => (await import('../../audit/report/money/money.command.js')).moneyReportCommand('idle', doors),
  },
  {
    name: 'report migration',
    summary: 'Show how many servers have IPv4 alone, both, or IPv6 alone, over twelve months',
    examples: ['portledger report migration', 'portledger report migration -o migration.html'],
    load: async () =>
      (await import('../../audit/report/money/money.command.js')).moneyReportCommand('migration', doors),
  },
];
