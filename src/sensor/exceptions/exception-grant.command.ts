import type { Command } from '../../cli/command.js';
import { publishingOptions } from '../../cli/engine-client.js';

/** `portledger exceptions grant`: findings of a rule at a place are expected for a while. */
export const exceptionGrantCommand: Command = {
  usage: [
    'portledger exceptions grant --rule RULE [--port PORT] [--mac MAC] [--prefix PREFIX] [--server ID]',
    '                            --owner WHO --reason TEXT (--for 7d | --expires INSTANT) --source URI [--json]',
  ],
  notes: [
    'Publishes ExceptionGranted: what the rule finds there is counted and not reported. Name at least one of --port, --mac,',
    '--prefix and --server; of several all must fit a frame. It ends by itself after 30 days at most.',
    'It grants nothing: nobody is sold an address or a MAC by it. The token needs the scope operator.',
  ],
  exitCodes: ['conflict', 'unreachable'],
  options: {
    rule: {
      type: 'string',
      value: 'RULE',
      among: async () => (await import('../../../projections/index.js')).rules.map(({ name }) => name),
      help: 'the rule, such as mac-mismatch',
    },
    port: { type: 'string', value: 'PORT', help: 'frames that come in here, as switch:interface' },
    mac: { type: 'string', value: 'MAC', help: 'frames from this MAC, or that claim an address for it' },
    prefix: { type: 'string', value: 'PREFIX', help: 'frames that claim an address inside' },
    server: { type: 'string', value: 'ID', help: 'frames from the port, VLAN or MAC of this server' },
    owner: { type: 'string', value: 'WHO', help: 'who answers for it' },
    reason: { type: 'string', value: 'TEXT', help: 'why it is expected; it is stored' },
    for: { type: 'string', value: 'TIME', help: 'how long from now on: 90m, 12h or 7d' },
    expires: { type: 'string', value: 'INSTANT', help: 'until when, RFC 3339' },
    ...publishingOptions,
  },
  run: async (input) => (await import('./grant-exception.js')).grantException(input),
};
