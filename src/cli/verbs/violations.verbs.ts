import type { Verb } from '../command.js';

/** Violations worked, exceptions from them, alerts of them. */
export const violationsVerbs: readonly Verb[] = [
  {
    name: 'violations evidence',
    summary: 'Fetch the frames that show a violation, as a pcap file',
    examples: ['portledger violations evidence 4d3c9d5e-2b7c-5f0a-9e11-5f9c3a526f0e -o evidence.pcap'],
    load: async () => (await import('../../sensor/evidence/evidence.command.js')).evidenceCommand,
  },
  {
    name: 'violations list',
    summary: 'List violations, the one heard last first, as portledger violations does',
    examples: [
      'portledger violations list --state new,acknowledged --muted false',
      'portledger violations list --q 5254.0000.0066 --json',
    ],
    load: async () => (await import('../../feed/violations.command.js')).violationsListCommand,
  },
  {
    name: 'violations show',
    summary: 'Show one violation, with all that was done about it',
    examples: ['portledger violations show 4d3c9d5e-2b7c-5f0a-9e11-5f9c3a526f0e'],
    load: async () => (await import('../../feed/show.command.js')).showCommand,
  },
  {
    name: 'violations ack',
    summary: 'Work on a violation, or take up again one that was closed',
    examples: [
      'portledger violations ack 4d3c9d5e-2b7c-5f0a-9e11-5f9c3a526f0e',
      "portledger violations ack 4d3c9d5e-2b7c-5f0a-9e11-5f9c3a526f0e --assignee token:network --comment 'the port is being looked at'",
    ],
    load: async () => (await import('../../feed/triage.command.js')).triageCommand('ack'),
  },
  {
    name: 'violations resolve',
    summary: 'Close a violation: what caused it was dealt with',
    examples: [
      "portledger violations resolve 4d3c9d5e-2b7c-5f0a-9e11-5f9c3a526f0e --comment 'the server was unplugged'",
    ],
    load: async () => (await import('../../feed/triage.command.js')).triageCommand('resolve'),
  },
  {
    name: 'violations false-positive',
    summary: 'Close a violation that is none',
    examples: [
      "portledger violations false-positive 4d3c9d5e-2b7c-5f0a-9e11-5f9c3a526f0e --comment 'a cluster moves its address'",
    ],
    load: async () => (await import('../../feed/triage.command.js')).triageCommand('false-positive'),
  },
  {
    name: 'violations comment',
    summary: 'Write something down about a violation',
    examples: ["portledger violations comment 4d3c9d5e-2b7c-5f0a-9e11-5f9c3a526f0e --text 'the customer was called'"],
    load: async () => (await import('../../feed/triage.command.js')).triageCommand('comment'),
  },
  {
    name: 'violations ticket',
    summary: 'Link a violation to where the work on it is written down',
    examples: ['portledger violations ticket 4d3c9d5e-2b7c-5f0a-9e11-5f9c3a526f0e --link https://tickets.example/4711'],
    load: async () => (await import('../../feed/triage.command.js')).triageCommand('ticket'),
  },
  {
    name: 'violations mutes',
    summary: 'List what is muted, by whom, why and until when',
    examples: ['portledger violations mutes', 'portledger violations mutes --state expired,ended'],
    load: async () => (await import('../../feed/mute.command.js')).mutesCommand,
  },
  {
    name: 'violations mute',
    summary: 'Alert nobody about violations for a while, with a reason',
    examples: [
      "portledger violations mute 4d3c9d5e-2b7c-5f0a-9e11-5f9c3a526f0e --reason 'the card is replaced on Tuesday' --for 7d",
      'portledger violations mute --rule mac-mismatch --port leaf1:Ethernet16 --dry-run',
    ],
    load: async () => (await import('../../feed/mute.command.js')).muteCommand,
  },
  {
    name: 'violations unmute',
    summary: 'End a mute: its violations alert again',
    examples: ["portledger violations unmute mute-5f9c3a526f0e --reason 'the card is in'"],
    load: async () => (await import('../../feed/mute.command.js')).unmuteCommand,
  },
  {
    name: 'violations',
    summary: 'List what was heard on the network that billing did not sell, and follow it',
    examples: [
      'portledger violations --severity critical --since 2026-01-31T00:00:00Z',
      'portledger violations --victim cust-16 --follow --json',
    ],
    load: async () => (await import('../../feed/violations.command.js')).violationsCommand,
  },
  {
    name: 'exceptions grant',
    summary: 'Excuse what a rule finds at a place, for 30 days at most',
    examples: [
      "portledger exceptions grant --rule mac-mismatch --port leaf1:Ethernet16 --owner 'cust-16, ticket 4711' --reason 'a cluster moves its address' --for 7d --source urn:ops --token-file ops.token",
    ],
    load: async () => (await import('../../sensor/exceptions/exception-grant.command.js')).exceptionGrantCommand,
  },
  {
    name: 'exceptions end',
    summary: 'End an exception before its time: its findings are reported again',
    examples: [
      "portledger exceptions end exception-1f0a9e11 --reason 'the cluster is gone' --source urn:ops --token-file ops.token",
    ],
    load: async () => (await import('../../sensor/exceptions/exception-end.command.js')).exceptionEndCommand,
  },
  {
    name: 'exceptions',
    summary: 'List what is excused from which rule, until when, and how often that was needed',
    examples: ['portledger exceptions', 'portledger exceptions --json'],
    load: async () => (await import('../../sensor/exceptions/exceptions.command.js')).exceptionsCommand,
  },
  {
    name: 'alerts destinations',
    summary: 'Show where alerts go, and how each destination stands',
    examples: ['portledger alerts destinations', 'portledger alerts destinations --json'],
    load: async () => (await import('../../control/alerts.command.js')).alertDestinationsCommand,
  },
  {
    name: 'alerts deliveries',
    summary: 'Show what was sent to whom, what was kept back, and what was given up',
    examples: ['portledger alerts deliveries', 'portledger alerts deliveries --destination soc --limit 500 --json'],
    load: async () => (await import('../../control/alerts.command.js')).alertDeliveriesCommand,
  },
  {
    name: 'alerts test',
    summary: 'Send a test to a destination, and say what came of it',
    examples: ['portledger alerts test soc'],
    load: async () => (await import('../../control/alerts.command.js')).alertTestCommand,
  },
  {
    name: 'alerts retry',
    summary: 'Try at once what waits, and send again what was given up',
    examples: [
      'portledger alerts retry soc',
      'portledger alerts retry soc --message 2f1c9a54-7c51-5b0e-9a10-0b6f5d3e8c11',
    ],
    load: async () => (await import('../../control/alerts.command.js')).alertRetryCommand,
  },
  {
    name: 'alerts enable',
    summary: 'Let alerts go again to a destination that said it was gone',
    examples: ['portledger alerts enable soc'],
    load: async () => (await import('../../control/alerts.command.js')).alertEnableCommand,
  },
  {
    name: 'alerts prometheus-rules',
    summary: 'Write a rule file for Prometheus',
    examples: ['portledger alerts prometheus-rules --out /etc/prometheus/portledger.rules.yml'],
    load: async () => (await import('../../ops/prometheus-rules.command.js')).prometheusRulesCommand,
  },
];
