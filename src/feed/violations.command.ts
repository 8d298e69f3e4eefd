import { CliError, type Command, type CommandOption, exitCode, momentHelp } from '../cli/command.js';
import { engineOptions } from '../cli/engine-client.js';
import { didYouMean } from '../config/nearest.js';
import type { filterNames } from './violation-filter.js';

export const usualViolations = 100;

const filterOptions = {
  state: {
    type: 'string',
    value: 'STATE',
    among: async () => (await import('../../projections/index.js')).triageStates,
    several: true,
    help: 'new, acknowledged, resolved, false-positive, exonerated, or several: new,acknowledged',
  },
  rule: {
    type: 'string',
    value: 'RULE',
    among: async () => (await import('../../projections/index.js')).rules.map(({ name }) => name),
    help: 'only findings of this rule',
  },
  severity: {
    type: 'string',
    value: 'SEVERITY',
    among: async () => (await import('./violation-filter.js')).severities,
    several: true,
    help: 'low, medium, high or critical, or several: high,critical',
  },
  site: { type: 'string', value: 'NAME', help: 'only at this site' },
  port: { type: 'string', value: 'PORT', help: 'only on this port, as switch:interface' },
  switch: { type: 'string', value: 'NAME', help: 'only on this switch' },
  victim: { type: 'string', value: 'ID', help: 'only against this server or customer' },
  offender: { type: 'string', value: 'ID', help: 'only by this server or customer' },
  customer: { type: 'string', value: 'ID', help: 'only by or against this customer' },
  'offender-server': { type: 'string', value: 'ID', help: 'only by this server' },
  'offender-customer': { type: 'string', value: 'ID', help: 'only by servers of this customer' },
  'victim-server': { type: 'string', value: 'ID', help: 'only against this server' },
  unknown: {
    type: 'string',
    value: 'WHAT',
    among: async () => Object.keys((await import('./violation-filter.js')).unknowable),
    several: true,
    help: 'only where nobody knows the port, offender-server, offender-customer or victim-server, or several of them',
  },
  renumbering: {
    type: 'string',
    value: 'ID',
    help: 'only of an address that this renumbering moves to or from',
  },
  assignee: { type: 'string', value: 'WHO', help: 'only what this one works on' },
  muted: {
    type: 'string',
    value: 'true|false',
    among: ['true', 'false'],
    help: 'only what is muted now, or only what is not',
  },
  quiet: {
    type: 'string',
    value: 'true|false',
    among: ['true', 'false'],
    help: 'only what was not heard for long, or only what was',
  },
  'acked-before': {
    type: 'string',
    value: 'TIME',
    reads: 'moment',
    help: 'only acknowledged before then, and not settled since',
  },
  q: {
    type: 'string',
    value: 'TEXT',
    help: 'a MAC or address in any spelling, or a part of a port, server or customer',
  },
  'new-since': {
    type: 'string',
    value: 'POSITION',
    help: 'only what became new after the position of an earlier answer',
  },
  since: { type: 'string', value: 'TIME', reads: 'moment', help: `only heard since then: ${momentHelp}` },
} as const satisfies Record<Exclude<(typeof filterNames)[number], 'newSince'> | 'new-since', CommandOption>;

/** `portledger violations`: what was heard that billing did not sell. */
export const violationsCommand: Command = {
  usage: ['portledger violations [FILTERS] [--limit N] [--follow] [--json]'],
  notes: [
    'A violation is shown when it fits every filter given. With --follow it goes on after the engine was away.',
    'SEVERITY cleared: a fact that was stored late says it was none; --json names the event (exoneratedBy).',
    'SEVERITY in brackets: its site is in survey, so it is kept and not alerted; --json says survey.',
  ],
  exitCodes: ['unreachable'],
  options: {
    ...filterOptions,
    limit: { type: 'string', value: 'N', help: `at most so many, newest first (default ${usualViolations})` },
    follow: { type: 'boolean', short: 'f', help: 'oldest first, and then each as it happens, until interrupted' },
    ...engineOptions,
  },
  run: async (input) => {
    const { positionals } = input;
    if (positionals.length > 0)
      throw new CliError(
        exitCode.usage,
        `"${positionals.join(' ')}": violations takes options only.${verbLike(positionals[0])}`,
      );
    return (await import('./ask-violations.js')).askViolations(input);
  },
};

/** `portledger violations list`: the same by its full name. */
export const violationsListCommand: Command = {
  ...violationsCommand,
  usage: ['portledger violations list [FILTERS] [--limit N] [--follow] [--json]'],
};

const words = [
  'list',
  'show',
  'ack',
  'resolve',
  'false-positive',
  'comment',
  'ticket',
  'mute',
  'unmute',
  'mutes',
  'evidence',
];

/** A word that is nearly one of those that may follow `violations`. */
function verbLike(word = ''): string {
  return didYouMean(word, words);
}
