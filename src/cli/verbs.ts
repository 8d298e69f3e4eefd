import type { OpenReader } from '../audit/ask-auditor.js';
import type { OpenLog } from '../audit/verify.command.js';
import type { Verb } from './command.js';
import type { LogDoors } from './log-place.js';

/** The database client is loaded only when a data directory is named. */
const openLog = (async (directory) =>
  (await import('../event-store/embedded/embedded.event-store.js')).openEmbeddedReader(directory)) satisfies OpenLog;
const openReader: OpenReader = openLog;

/** Loaded by the verbs that go to a log. */
const doors = async (): Promise<LogDoors> => (await import('./log-doors.js')).logDoors;

/** Every verb: one entry each. `load` imports the file of the verb, so that no verb pays for what another one needs. */
export const verbs: readonly Verb[] = [
  {
    name: 'serve',
    summary: 'Run the engine: take events in, keep the map, answer over HTTP',
    examples: ['portledger serve', 'portledger serve --config /etc/portledger.json --log-format pretty'],
    load: async () => (await import('./serve.command.js')).serveCommand,
  },
  {
    name: 'token',
    summary: 'Make, list and revoke the tokens that may call the engine',
    examples: [
      'portledger token new --scope publisher --source urn:billing:eu --name billing > billing.token',
      'portledger token list',
      'portledger token revoke k7m2p9qa',
    ],
    load: async () => (await import('../auth/token.command.js')).tokenCommand,
  },
  {
    name: 'user',
    summary: 'Add, list, change and remove the people who may sign in',
    examples: [
      'portledger user add anna --role security-analyst,viewer',
      'portledger user list',
      'portledger user passwd anna --password-file new.password',
      'portledger user disable anna',
    ],
    load: async () => (await import('../auth/user.command.js')).userCommand,
  },
  {
    name: 'publish',
    summary: 'Publish events from a file of one CloudEvent a line; safe to repeat',
    examples: [
      'portledger publish events.ndjson --token-file billing.token',
      'portledger publish --dry-run events.ndjson --token-file billing.token',
      'zcat export.ndjson.gz | portledger publish - --token-file billing.token --json',
    ],
    load: async () => (await import('../intake/publish.command.js')).publishCommand,
  },
  {
    name: 'map',
    summary: 'Show the IP <-> MAC <-> port map, now or as of any moment',
    examples: ['portledger map --port leaf1:Ethernet16', 'portledger map --ip 198.51.100.16 --at 2026-01-31T03:14:00Z'],
    load: async () => (await import('../audit/map.command.js')).mapCommand(openReader),
  },
  {
    name: 'audit',
    summary: 'Answer who had what when and why, and prove that nobody rewrote the log',
    examples: [
      'portledger audit at 2026-01-31T03:14:00Z',
      'portledger audit who-had 5254.0000.0016',
      "portledger audit explain 198.51.100.16 --known-at '#1200'",
      'portledger audit explain server:srv-17 --data ./data',
      'portledger audit verify --checkpoint checkpoints.txt --key portledger.pub',
    ],
    load: async () => (await import('../audit/audit.command.js')).auditCommand(openReader, openLog),
  },
  {
    name: 'plan',
    summary: 'Show what would change on each device, line by line, and the event that caused it',
    examples: ['portledger plan', 'portledger plan leaf1', 'portledger plan leaf1 --json'],
    load: async () => (await import('../control/plan.command.js')).planCommand,
  },
  {
    name: 'apply',
    summary: 'Do exactly the plan that was shown, and show what reading the device back proved',
    examples: [
      'portledger apply 0f3a5c7e9b1d2468',
      "portledger apply 0f3a5c7e9b1d2468 --confirm 'remove 40 from leaf1'",
    ],
    load: async () => (await import('../control/apply.command.js')).applyCommand,
  },
  {
    name: 'freeze',
    summary: 'Write nothing to a device, or to any, until it is resumed',
    examples: [
      "portledger freeze --reason 'a bad change is under way'",
      "portledger freeze leaf1 --reason 'it is being replaced'",
    ],
    load: async () => (await import('../control/freeze.command.js')).freezeCommand,
  },
  {
    name: 'resume',
    summary: 'Let the engine write again to what was frozen',
    examples: ['portledger resume', 'portledger resume leaf1'],
    load: async () => (await import('../control/freeze.command.js')).resumeCommand,
  },
  {
    name: 'adopt',
    summary: 'Take over a neighbour entry that somebody else made, so that it is ours from now on',
    examples: ["portledger adopt leaf1 198.51.100.99 vlan16 --confirm 'adopt 198.51.100.99 on vlan16'"],
    load: async () => (await import('../control/adopt.command.js')).adoptCommand,
  },
  {
    name: 'device',
    summary: 'Show the state of each device: what it holds, lacks and waits for',
    examples: ['portledger device', 'portledger device leaf1'],
    load: async () => (await import('../control/device.command.js')).deviceCommand,
  },
  {
    name: 'moves',
    summary: 'Show what is on its way from one gateway to another, and how long each was dark',
    examples: ['portledger moves', 'portledger moves --json'],
    load: async () => (await import('../control/moves.command.js')).movesCommand,
  },
  {
    name: 'move release',
    summary: 'Let a move go on although its old gateway cannot be asked',
    examples: ['portledger move release 2001:db8:16::/48', 'portledger move release srv-17'],
    load: async () => (await import('../control/moves.command.js')).moveReleaseCommand,
  },
  {
    name: 'enrolments',
    summary: 'Show servers whose MAC is to be taken from the network, and what was seen at their place',
    examples: ['portledger enrolments', 'portledger enrolments --json'],
    load: async () => (await import('../control/enrolments.command.js')).enrolmentsCommand,
  },
  {
    name: 'capacity',
    summary: 'Show what sites, switches and devices hold, and what may still be sold',
    examples: ['portledger capacity', 'portledger capacity --json'],
    load: async () => (await import('../control/capacity.command.js')).capacityCommand,
  },
  {
    name: 'guard',
    summary: 'Show what each port lets in and what it would drop, and switch its guard to drop',
    examples: [
      'portledger guard',
      'portledger guard leaf1 leaf1:Ethernet16',
      'portledger guard mode leaf1 drop leaf1:Ethernet16',
      'portledger guard apply leaf1 0f3a5c7e9b1d2468',
    ],
    load: async () => (await import('../control/guard.command.js')).guardCommand,
  },
  {
    name: 'prove-silence',
    summary: 'Prove that the gateway asks nothing at a port: no ARP request, no neighbour solicitation',
    examples: [
      'portledger prove-silence leaf1:Ethernet16',
      'portledger prove-silence leaf1:Ethernet16 --seconds 60 --json',
    ],
    load: async () => (await import('../sensor/silence/prove-silence.command.js')).proveSilenceCommand,
  },
  {
    name: 'violations evidence',
    summary: 'Fetch the frames that show a violation, as a pcap file',
    examples: ['portledger violations evidence 4d3c9d5e-2b7c-5f0a-9e11-5f9c3a526f0e -o evidence.pcap'],
    load: async () => (await import('../sensor/evidence/evidence.command.js')).evidenceCommand,
  },
  {
    name: 'violations list',
    summary: 'List violations, the one heard last first, as portledger violations does',
    examples: [
      'portledger violations list --state new,acknowledged --muted false',
      'portledger violations list --q 5254.0000.0066 --json',
    ],
    load: async () => (await import('../feed/violations.command.js')).violationsListCommand,
  },
  {
    name: 'violations show',
    summary: 'Show one violation, with all that was done about it',
    examples: ['portledger violations show 4d3c9d5e-2b7c-5f0a-9e11-5f9c3a526f0e'],
    load: async () => (await import('../feed/show.command.js')).showCommand,
  },
  {
    name: 'violations ack',
    summary: 'Work on a violation, or take up again one that was closed',
    examples: [
      'portledger violations ack 4d3c9d5e-2b7c-5f0a-9e11-5f9c3a526f0e',
      "portledger violations ack 4d3c9d5e-2b7c-5f0a-9e11-5f9c3a526f0e --assignee token:network --comment 'the port is being looked at'",
    ],
    load: async () => (await import('../feed/triage.command.js')).triageCommand('ack'),
  },
  {
    name: 'violations resolve',
    summary: 'Close a violation: what caused it was dealt with',
    examples: [
      "portledger violations resolve 4d3c9d5e-2b7c-5f0a-9e11-5f9c3a526f0e --comment 'the server was unplugged'",
    ],
    load: async () => (await import('../feed/triage.command.js')).triageCommand('resolve'),
  },
  {
    name: 'violations false-positive',
    summary: 'Close a violation that is none',
    examples: [
      "portledger violations false-positive 4d3c9d5e-2b7c-5f0a-9e11-5f9c3a526f0e --comment 'a cluster moves its address'",
    ],
    load: async () => (await import('../feed/triage.command.js')).triageCommand('false-positive'),
  },
  {
    name: 'violations comment',
    summary: 'Write something down about a violation',
    examples: ["portledger violations comment 4d3c9d5e-2b7c-5f0a-9e11-5f9c3a526f0e --text 'the customer was called'"],
    load: async () => (await import('../feed/triage.command.js')).triageCommand('comment'),
  },
  {
    name: 'violations ticket',
    summary: 'Link a violation to where the work on it is written down',
    examples: ['portledger violations ticket 4d3c9d5e-2b7c-5f0a-9e11-5f9c3a526f0e --link https://tickets.example/4711'],
    load: async () => (await import('../feed/triage.command.js')).triageCommand('ticket'),
  },
  {
    name: 'violations mutes',
    summary: 'List what is muted, by whom, why and until when',
    examples: ['portledger violations mutes', 'portledger violations mutes --state expired,ended'],
    load: async () => (await import('../feed/mute.command.js')).mutesCommand,
  },
  {
    name: 'violations mute',
    summary: 'Alert nobody about violations for a while, with a reason',
    examples: [
      "portledger violations mute 4d3c9d5e-2b7c-5f0a-9e11-5f9c3a526f0e --reason 'the card is replaced on Tuesday' --for 7d",
      'portledger violations mute --rule mac-mismatch --port leaf1:Ethernet16 --dry-run',
    ],
    load: async () => (await import('../feed/mute.command.js')).muteCommand,
  },
  {
    name: 'violations unmute',
    summary: 'End a mute: its violations alert again',
    examples: ["portledger violations unmute mute-5f9c3a526f0e --reason 'the card is in'"],
    load: async () => (await import('../feed/mute.command.js')).unmuteCommand,
  },
  {
    name: 'violations',
    summary: 'List what was heard on the network that billing did not sell, and follow it',
    examples: [
      'portledger violations --severity critical --since 2026-01-31T00:00:00Z',
      'portledger violations --victim cust-16 --follow --json',
    ],
    load: async () => (await import('../feed/violations.command.js')).violationsCommand,
  },
  {
    name: 'exceptions grant',
    summary: 'Excuse what a rule finds at a place, for 30 days at most',
    examples: [
      "portledger exceptions grant --rule mac-mismatch --port leaf1:Ethernet16 --owner 'cust-16, ticket 4711' --reason 'a cluster moves its address' --for 7d --source urn:ops --token-file ops.token",
    ],
    load: async () => (await import('../sensor/exceptions/exception-grant.command.js')).exceptionGrantCommand,
  },
  {
    name: 'exceptions end',
    summary: 'End an exception before its time: its findings are reported again',
    examples: [
      "portledger exceptions end exception-1f0a9e11 --reason 'the cluster is gone' --source urn:ops --token-file ops.token",
    ],
    load: async () => (await import('../sensor/exceptions/exception-end.command.js')).exceptionEndCommand,
  },
  {
    name: 'exceptions',
    summary: 'List what is excused from which rule, until when, and how often that was needed',
    examples: ['portledger exceptions', 'portledger exceptions --json'],
    load: async () => (await import('../sensor/exceptions/exceptions.command.js')).exceptionsCommand,
  },
  {
    name: 'alerts destinations',
    summary: 'Show where alerts go, and how each destination stands',
    examples: ['portledger alerts destinations', 'portledger alerts destinations --json'],
    load: async () => (await import('../control/alerts.command.js')).alertDestinationsCommand,
  },
  {
    name: 'alerts deliveries',
    summary: 'Show what was sent to whom, what was kept back, and what was given up',
    examples: ['portledger alerts deliveries', 'portledger alerts deliveries --destination soc --limit 500 --json'],
    load: async () => (await import('../control/alerts.command.js')).alertDeliveriesCommand,
  },
  {
    name: 'alerts test',
    summary: 'Send a test to a destination, and say what came of it',
    examples: ['portledger alerts test soc'],
    load: async () => (await import('../control/alerts.command.js')).alertTestCommand,
  },
  {
    name: 'alerts retry',
    summary: 'Try at once what waits, and send again what was given up',
    examples: [
      'portledger alerts retry soc',
      'portledger alerts retry soc --message 2f1c9a54-7c51-5b0e-9a10-0b6f5d3e8c11',
    ],
    load: async () => (await import('../control/alerts.command.js')).alertRetryCommand,
  },
  {
    name: 'alerts enable',
    summary: 'Let alerts go again to a destination that said it was gone',
    examples: ['portledger alerts enable soc'],
    load: async () => (await import('../control/alerts.command.js')).alertEnableCommand,
  },
  {
    name: 'alerts prometheus-rules',
    summary: 'Write a rule file for Prometheus',
    examples: ['portledger alerts prometheus-rules --out /etc/prometheus/portledger.rules.yml'],
    load: async () => (await import('../ops/prometheus-rules.command.js')).prometheusRulesCommand,
  },
  {
    name: 'parked list',
    summary: 'List the streams that an event which cannot be read has frozen',
    examples: ['portledger parked list', 'portledger parked list --data ./data --json'],
    load: async () => (await import('../control/parked.command.js')).parkedListCommand(await doors()),
  },
  {
    name: 'parked show',
    summary: 'Show a parked event as it is stored, why it cannot be read, and what waits behind it',
    examples: ['portledger parked show server-srv-17'],
    load: async () => (await import('../control/parked.command.js')).parkedShowCommand(await doors()),
  },
  {
    name: 'parked retry',
    summary: 'Tell whether the code that is installed now can read a parked event',
    examples: ['portledger parked retry server-srv-17'],
    load: async () => (await import('../control/parked.command.js')).parkedRetryCommand(await doors()),
  },
  {
    name: 'parked skip',
    summary: 'Pass over a parked event, so that those held behind it count',
    examples: [
      "portledger parked skip server-srv-17 --reason 'billing sends it anew' --confirm 5f9c3a52-6f0e-4d3c-9d5e-2b7c1f0a9e11",
    ],
    load: async () => (await import('../control/parked.command.js')).parkedSkipCommand(await doors()),
  },
  {
    name: 'log tail',
    summary: 'Show the newest events of the log, and follow it',
    examples: ['portledger log tail -n 50', 'portledger log tail --follow --type ServerMoved --json'],
    load: async () => (await import('../audit/log-tail.command.js')).logTailCommand(await doors()),
  },
  {
    name: 'log stream',
    summary: 'Show every event of one stream, also those that cannot be read',
    examples: ['portledger log stream server-srv-17', 'portledger log stream journal-leaf1 --data ./data --json'],
    load: async () => (await import('../audit/log-stream.command.js')).logStreamCommand(await doors()),
  },
  {
    name: 'log stats',
    summary: 'Count what is in the log: events by type and stream, bytes, size and root hash',
    examples: ['portledger log stats', 'portledger log stats --data ./data --json'],
    load: async () => (await import('../audit/log-stats.command.js')).logStatsCommand(await doors()),
  },
  {
    name: 'log export',
    summary: 'Write the log as JSON lines, checked against its root hash; goes on after an interruption',
    examples: ['portledger log export log.ndjson', 'portledger log export --data ./data | zstd > log.ndjson.zst'],
    load: async () => (await import('../event-store/transfer/export.command.js')).exportCommand(await doors()),
  },
  {
    name: 'log restore',
    summary: 'Bring an exported log into an empty store, and compare it with its root hash',
    examples: [
      'portledger log restore log.ndjson --data ./restored',
      'zstdcat log.ndjson.zst | portledger log restore - --config portledger.json',
    ],
    load: async () => (await import('../event-store/transfer/restore.command.js')).restoreCommand(await doors()),
  },
  {
    name: 'log copy',
    summary: 'Copy the log into another store, the same to the last bit; goes on after an interruption',
    examples: [
      'portledger log copy --from ./data --to cluster.json',
      'portledger log copy --from cluster.json --to ./data',
    ],
    load: async () => (await import('../event-store/transfer/copy.command.js')).copyCommand(await doors()),
  },
  {
    name: 'backup',
    summary: 'Copy the embedded store while the engine runs, and verify the copy',
    examples: ['portledger backup /backup/portledger-$(date +%F) --data ./data'],
    load: async () => (await import('../event-store/transfer/backup.command.js')).backupCommand(await doors()),
  },
  {
    name: 'sensor coverage',
    summary: 'Show which sold port is watched by which sensor, and which by none',
    examples: ['portledger sensor coverage', 'portledger sensor coverage --switch leaf1 --json'],
    load: async () => (await import('../sensor/coverage/coverage.command.js')).coverageCommand,
  },
  {
    name: 'sensor selftest',
    summary: 'Send one harmless forged claim at a port, and see that it is found',
    examples: ['portledger sensor selftest leaf1:Ethernet16'],
    load: async () => (await import('../sensor/coverage/selftest.command.js')).selftestCommand,
  },
  {
    name: 'sensor silent',
    summary: 'Show which paid servers were not heard for a day, although their link is up',
    examples: ['portledger sensor silent', 'portledger sensor silent --switch leaf1 --json'],
    load: async () => (await import('../sensor/silent/silent.command.js')).silentCommand,
  },
  {
    name: 'sensor scorecard',
    summary: 'Show which prefixes are being scanned, or use up addresses, and whose they are',
    examples: ['portledger sensor scorecard', 'portledger sensor scorecard --length 64 --json'],
    load: async () => (await import('../sensor/scorecard/scorecard.command.js')).scorecardCommand,
  },
  {
    name: 'sensor decode',
    summary: 'Show what the sensor understands of a capture file, or of a directory of them',
    examples: ['portledger sensor decode night.pcapng', 'portledger sensor decode /var/captures/leaf1 --json'],
    load: async () => (await import('../sensor/capture/decode.command.js')).decodeCommand,
  },
  {
    name: 'sensor replay',
    summary: 'Judge a capture by the map of its time, and show what the log says otherwise',
    examples: [
      'portledger sensor replay night.pcap --sensor leaf1-e66 --data ./data',
      "portledger sensor replay night.pcap --port leaf1:Ethernet66 --vlan 66 --rules what-if.json --known-at '#1200'",
    ],
    load: async () => (await import('../sensor/replay/replay.command.js')).replayCommand(openLog),
  },
  {
    name: 'sensor parse',
    summary: 'Show what the sensor understands of a table or of messages that a device printed',
    examples: [
      'portledger sensor parse arp.txt',
      'ip -j neigh show | portledger sensor parse --format linux-neigh-json - --json',
      'portledger sensor parse --format switch-messages leaf1.log',
    ],
    load: async () => (await import('../sensor/tables/parse.command.js')).parseCommand,
  },
  {
    name: 'sensor formats',
    summary: 'List the formats of tables that the sensor understands, and what prints them',
    examples: ['portledger sensor formats', 'portledger sensor formats --json'],
    load: async () => (await import('../sensor/tables/formats.command.js')).formatsCommand,
  },
  {
    name: 'sensor watch',
    summary: 'Hear one port on another box, judge by the map of an engine, and send the verdicts',
    examples: [
      'portledger sensor watch --engine http://engine:8080 --token-file tap.token -i eth1 --spool /var/lib/portledger-tap',
      'portledger sensor watch --token-file tap.token -r night.pcap',
    ],
    load: async () => (await import('../sensor/remote/watch.command.js')).watchCommand,
  },
  {
    name: 'sensor survey end',
    summary: 'End the survey of a site: what is found there is alerted from now on',
    examples: [
      "portledger sensor survey end --site ams1 --reason 'the record is right now' --source urn:ops --token-file ops.token",
    ],
    load: async () => (await import('../sensor/survey/survey.command.js')).surveyEndCommand,
  },
  {
    name: 'sensor survey',
    summary: 'Group what was found at a site by its likely cause, with the events that would settle each',
    examples: ['portledger sensor survey --site ams1', 'portledger sensor survey --site ams1 --propose ./proposals'],
    load: async () => (await import('../sensor/survey/survey.command.js')).surveyCommand,
  },
];
