import type { Verb } from '../command.js';

/** What is done to devices, and what keeps it from harm. */
export const devicesVerbs: readonly Verb[] = [
  {
    name: 'overview',
    summary: 'Show what is billed, seen and pushed, where they differ, and what needs a human now',
    examples: ['portledger overview', 'portledger overview billed-not-seen', 'portledger overview --json'],
    load: async () => (await import('../../control/overview/overview.command.js')).overviewCommand,
  },
  {
    name: 'plan',
    summary: 'Show what would change on each device, line by line, and the event that caused it',
    examples: ['portledger plan', 'portledger plan leaf1', 'portledger plan leaf1 --json'],
    load: async () => (await import('../../control/plan.command.js')).planCommand,
  },
  {
    name: 'apply',
    summary: 'Do exactly the plan that was shown, and show what reading the device back proved',
    examples: [
      'portledger apply 0f3a5c7e9b1d2468',
      "portledger apply 0f3a5c7e9b1d2468 --confirm 'remove 40 from leaf1'",
    ],
    load: async () => (await import('../../control/apply.command.js')).applyCommand,
  },
  {
    name: 'freeze',
    summary: 'Write nothing to a device, or to any, until it is resumed',
    examples: [
      "portledger freeze --reason 'a bad change is under way'",
      "portledger freeze leaf1 --reason 'it is being replaced'",
    ],
    load: async () => (await import('../../control/freeze.command.js')).freezeCommand,
  },
  {
    name: 'resume',
    summary: 'Let the engine write again to what was frozen',
    examples: ['portledger resume', 'portledger resume leaf1'],
    load: async () => (await import('../../control/freeze.command.js')).resumeCommand,
  },
  {
    name: 'adopt',
    summary: 'Take over a neighbour entry that somebody else made, so that it is ours from now on',
    examples: ["portledger adopt leaf1 198.51.100.99 vlan16 --confirm 'adopt 198.51.100.99 on vlan16'"],
    load: async () => (await import('../../control/adopt.command.js')).adoptCommand,
  },
  {
    name: 'device',
    summary: 'Show the state of each device: what it holds, lacks and waits for',
    examples: ['portledger device', 'portledger device leaf1'],
    load: async () => (await import('../../control/device.command.js')).deviceCommand,
  },
  {
    name: 'switches',
    summary: 'Show every switch by the states of its ports, or the front of one',
    examples: ['portledger switches', 'portledger switches leaf1', 'portledger switches --state violation,drift'],
    load: async () => (await import('../../control/switches/switches.command.js')).switchesCommand,
  },
  {
    name: 'moves',
    summary: 'Show what is on its way from one gateway to another, and how long each was dark',
    examples: ['portledger moves', 'portledger moves --json'],
    load: async () => (await import('../../control/moves.command.js')).movesCommand,
  },
  {
    name: 'move release',
    summary: 'Let a move go on although its old gateway cannot be asked',
    examples: ['portledger move release 2001:db8:16::/48', 'portledger move release srv-17'],
    load: async () => (await import('../../control/moves.command.js')).moveReleaseCommand,
  },
  {
    name: 'renumber start',
    summary: 'Plan to move a server, or a list of them, from one prefix to another',
    examples: [
      'portledger renumber start --customer cust-7 --from 2001:db8:16::/64 --to 2001:db8:1016::/48',
      'portledger renumber start --list moves.csv --at-once 20',
    ],
    load: async () => (await import('../../control/renumber/renumber-start.command.js')).renumberStartCommand,
  },
  {
    name: 'renumber list',
    summary: 'List the renumberings: how far each is, and who has to do what next',
    examples: ['portledger renumber list', 'portledger renumber list --state safe-to-remove --json'],
    load: async () => (await import('../../control/renumber/renumber-look.command.js')).renumberListCommand,
  },
  {
    name: 'renumber show',
    summary: 'Show one renumbering: both prefixes, what was heard of the old one, and what comes next',
    examples: ['portledger renumber show rn-0f3a5c7e9b1d'],
    load: async () => (await import('../../control/renumber/renumber-look.command.js')).renumberShowCommand,
  },
  {
    name: 'renumber next',
    summary: 'Let a renumbering go on: ask billing for the new prefix, then to release the old one',
    examples: ['portledger renumber next rn-0f3a5c7e9b1d', 'portledger renumber next --all'],
    load: async () => (await import('../../control/renumber/renumber-step.command.js')).renumberNextCommand,
  },
  {
    name: 'renumber back',
    summary: 'Take the last step of a renumbering back, with a reason',
    examples: ["portledger renumber back rn-0f3a5c7e9b1d --reason 'a forgotten monitor uses it'"],
    load: async () => (await import('../../control/renumber/renumber-step.command.js')).renumberBackCommand,
  },
  {
    name: 'renumber candidates',
    summary: 'List the prefixes of a length that are still to be renumbered',
    examples: [
      'portledger renumber candidates --from-length 64',
      'portledger renumber candidates --from-length 64 --list',
    ],
    load: async () => (await import('../../control/renumber/renumber-look.command.js')).renumberCandidatesCommand,
  },
  {
    name: 'enrolments',
    summary: 'Show servers whose MAC is to be taken from the network, and what was seen at their place',
    examples: ['portledger enrolments', 'portledger enrolments --json'],
    load: async () => (await import('../../control/enrolments.command.js')).enrolmentsCommand,
  },
  {
    name: 'pools',
    summary: 'Show how full the pools of addresses are, when they will be empty, and who waits for one',
    examples: ['portledger pools', 'portledger pools show v4-a', 'portledger pools --json'],
    load: async () => (await import('../../control/pools/pools.command.js')).poolsCommand,
  },
  {
    name: 'capacity',
    summary: 'Show what sites, switches and devices hold, and what may still be sold',
    examples: ['portledger capacity', 'portledger capacity --json'],
    load: async () => (await import('../../control/capacity.command.js')).capacityCommand,
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
    load: async () => (await import('../../control/guard.command.js')).guardCommand,
  },
  {
    name: 'dhcp',
    summary: 'Show what every server is handed out by DHCP and what it has leased, and do a plan of it',
    examples: ['portledger dhcp', 'portledger dhcp leaf1', 'portledger dhcp apply leaf1 0f3a5c7e9b1d2468'],
    load: async () => (await import('../../control/dhcp.command.js')).dhcpCommand,
  },
  {
    name: 'ra',
    summary: 'Show which machines are told their default route by router advertisements, and do a plan of them',
    examples: ['portledger ra', 'portledger ra leaf1', 'portledger ra apply leaf1 0f3a5c7e9b1d2468'],
    load: async () => (await import('../../control/ra.command.js')).raCommand,
  },
  {
    name: 'prove-silence',
    summary: 'Prove that the gateway asks nothing at a port: no ARP request, no neighbour solicitation',
    examples: [
      'portledger prove-silence leaf1:Ethernet16',
      'portledger prove-silence leaf1:Ethernet16 --seconds 60 --json',
    ],
    load: async () => (await import('../../sensor/silence/prove-silence.command.js')).proveSilenceCommand,
  },
];
