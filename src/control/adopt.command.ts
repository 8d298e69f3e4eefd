import { CliError, type Command, exitCode } from '../cli/command.js';
import { EngineClient, engineOptions, problemOf } from '../cli/engine-client.js';
import { printable } from '../cli/text-table.js';

/** `portledger adopt`: an entry that somebody else made is ours from now on. */
export const adoptCommand: Command = {
  usage: ["portledger adopt DEVICE ADDRESS INTERFACE --confirm 'adopt ADDRESS on INTERFACE'   (scope operator)"],
  notes: [
    'Foreign entries stand in portledger plan DEVICE. One that is adopted is treated as if the engine had made it:',
    'it stays where billing sold the address to that server, and goes with the next plan where billing did not.',
  ],
  exitCodes: ['notFound', 'conflict', 'unreachable'],
  options: {
    ...engineOptions,
    confirm: { type: 'string', value: 'WORDS', help: 'the words that say that it is meant' },
  },
  run: async ({ options, positionals, io }) => {
    const [device, address, interfaceName, ...more] = positionals;
    if (device === undefined || address === undefined || interfaceName === undefined || more.length > 0)
      throw new CliError(
        exitCode.usage,
        'adopt: expected the device, the address and its interface, and nothing else.',
      );
    const confirm = options.text('confirm');
    const answer = await EngineClient.from(options, io).request(`/v1/devices/${encodeURIComponent(device)}/adopt`, {
      method: 'POST',
      contentType: 'application/json',
      body: JSON.stringify({ address, interface: interfaceName, ...(confirm === undefined ? {} : { confirm }) }),
    });
    if (answer.status >= 400) throw problemOf(answer);
    const { line } = answer.body as { line: string };
    const words = `${printable(device)}: ${printable(line)} is ours from now on, proved by reading back.`;
    io.out(`${options.flag('json') ? JSON.stringify(answer.body) : words}\n`);
    return exitCode.ok;
  },
};
