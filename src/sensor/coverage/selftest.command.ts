import { CliError, type Command, exitCode } from '../../cli/command.js';
import { EngineClient, engineOptions, problemOf } from '../../cli/engine-client.js';
import type { SelfTestView } from './self-test-view.js';

/** `portledger sensor selftest PORT`: whether a forged claim at a port is found, and how fast. */
export const selftestCommand: Command = {
  usage: [
    'portledger sensor selftest PORT [--wait SECONDS] [--json]   sends one harmless forged claim and waits for it',
  ],
  notes: [
    'The claim is an ARP announcement of a test address (192.0.2.0/24, RFC 5737) by a random MAC. It goes the whole way, wire, capture and judging, but not into the feed.',
    'It is sent by the engine, from the interface that the configuration names as selftest of the sensor; without one it is refused.',
    'A finding waits for the in-flight window of the configuration (5 s) before it is a verdict: wait longer than that.',
    'It ends with 0 when the claim was found, with 6 when it was not.',
  ],
  exitCodes: ['notFound', 'conflict', 'verificationFailed', 'unreachable'],
  options: {
    wait: { type: 'string', value: 'SECONDS', help: 'how long to wait for the verdict, 1 to 25 (default 10)' },
    ...engineOptions,
    json: { type: 'boolean', help: 'write JSON, one object' },
  },
  run: async ({ options, positionals, io }) => {
    const [name, ...more] = positionals;
    const { parsePort } = await import('../../../events/index.js');
    const port = parsePort(name);
    if (port === undefined || more.length > 0)
      throw new CliError(exitCode.usage, 'sensor selftest: expected one port, such as leaf1:Ethernet16.');
    const waitSeconds = options.wholeNumber('wait', 1, 25) ?? 10;
    const answer = await EngineClient.from(options, io).request('/v1/coverage/selftest', {
      method: 'POST',
      contentType: 'application/json',
      body: JSON.stringify({ port, waitSeconds }),
    });
    if (answer.status >= 400) throw problemOf(answer);
    const view = answer.body as SelfTestView;
    io.out(`${options.flag('json') ? JSON.stringify(view) : view.sentence}\n`);
    return view.passed ? exitCode.ok : exitCode.verificationFailed;
  },
};
