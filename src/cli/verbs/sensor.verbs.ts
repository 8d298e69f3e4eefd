import type { Verb } from '../command.js';
import { openLog } from '../open-log.js';

/** The sensor, and its tools for captures and tables. */
export const sensorVerbs: readonly Verb[] = [
  {
    name: 'sensor coverage',
    summary: 'Show which sold port is watched by which sensor, and which by none',
    examples: ['portledger sensor coverage', 'portledger sensor coverage --switch leaf1 --json'],
    load: async () => (await import('../../sensor/coverage/coverage.command.js')).coverageCommand,
  },
  {
    name: 'sensor selftest',
    summary: 'Send one harmless forged claim at a port, and see that it is found',
    examples: ['portledger sensor selftest leaf1:Ethernet16'],
    load: async () => (await import('../../sensor/coverage/selftest.command.js')).selftestCommand,
  },
  {
    name: 'sensor silent',
    summary: 'Show which paid servers were not heard for a day, although their link is up',
    examples: ['portledger sensor silent', 'portledger sensor silent --switch leaf1 --json'],
    load: async () => (await import('../../sensor/silent/silent.command.js')).silentCommand,
  },
  {
    name: 'sensor scorecard',
    summary: 'Show which prefixes are being scanned, or use up addresses, and whose they are',
    examples: ['portledger sensor scorecard', 'portledger sensor scorecard --length 64 --json'],
    load: async () => (await import('../../sensor/scorecard/scorecard.command.js')).scorecardCommand,
  },
  {
    name: 'sensor decode',
    summary: 'Show what the sensor understands of a capture file, or of a directory of them',
    examples: ['portledger sensor decode night.pcapng', 'portledger sensor decode /var/captures/leaf1 --json'],
    load: async () => (await import('../../sensor/capture/decode.command.js')).decodeCommand,
  },
  {
    name: 'sensor replay',
    summary: 'Judge a capture by the map of its time, and show what the log says otherwise',
    examples: [
      'portledger sensor replay night.pcap --sensor leaf1-e66 --data ./data',
      "portledger sensor replay night.pcap --port leaf1:Ethernet66 --vlan 66 --rules what-if.json --known-at '#1200'",
    ],
    load: async () => (await import('../../sensor/replay/replay.command.js')).replayCommand(openLog),
  },
  {
    name: 'sensor parse',
    summary: 'Show what the sensor understands of a table or of messages that a device printed',
    examples: [
      'portledger sensor parse arp.txt',
      'ip -j neigh show | portledger sensor parse --format linux-neigh-json - --json',
      'portledger sensor parse --format switch-messages leaf1.log',
    ],
    load: async () => (await import('../../sensor/tables/parse.command.js')).parseCommand,
  },
  {
    name: 'sensor formats',
    summary: 'List the formats of tables that the sensor understands, and what prints them',
    examples: ['portledger sensor formats', 'portledger sensor formats --json'],
    load: async () => (await import('../../sensor/tables/formats.command.js')).formatsCommand,
  },
  {
    name: 'sensor watch',
    summary: 'Hear one port on another box, judge by the map of an engine, and send the verdicts',
    examples: [
      'portledger sensor watch --engine http://engine:8080 --token-file tap.token -i eth1 --spool /var/lib/portledger-tap',
      'portledger sensor watch --token-file tap.token -r night.pcap',
    ],
    load: async () => (await import('../../sensor/remote/watch.command.js')).watchCommand,
  },
  {
    name: 'sensor survey end',
    summary: 'End the survey of a site: what is found there is alerted from now on',
    examples: [
      "portledger sensor survey end --site ams1 --reason 'the record is right now' --source urn:ops --token-file ops.token",
    ],
    load: async () => (await import('../../sensor/survey/survey.command.js')).surveyEndCommand,
  },
  {
    name: 'sensor survey',
    summary: 'Group what was found at a site by its likely cause, with the events that would settle each',
    examples: ['portledger sensor survey --site ams1', 'portledger sensor survey --site ams1 --propose ./proposals'],
    load: async () => (await import('../../sensor/survey/survey.command.js')).surveyCommand,
  },
];
