import { CliError, type Command, exitCode } from '../../cli/command.js';
import { EngineClient, engineOptions } from '../../cli/engine-client.js';
import { renderPanel, renderSwitches } from './render-panel.js';
import type { SwitchAnswer } from './switches.controller.js';
import type { SwitchList } from './switch-list.js';
import { mostSwitches } from './switch-question.js';

/** `portledger switches [NAME]`: every switch with counts of its ports, or the front of one. */
export const switchesCommand: Command = {
  usage: [
    'portledger switches [--state STATE,...] [--after NAME] [--limit N]   every switch, how many ports are in each state',
    'portledger switches NAME                                             its front: odd ports on top, even ones below',
  ],
  notes: [
    'A port is the first of these that is true of it: ! violation, * frozen, ~ drift, > push-pending (sold, not on the device',
    'yet), ? up-unsold, v sold-down, o not-watched (no sensor hears it), = matched, . free (not sold, not up).',
  ],
  exitCodes: ['notFound', 'unreachable'],
  options: {
    state: {
      ...{ type: 'string', value: 'STATES', several: true },
      among: async () => (await import('./port-state.js')).portStates,
      help: 'only switches with a port in one of these states, with commas',
    },
    after: { type: 'string', value: 'NAME', help: 'go on behind this switch' },
    limit: { type: 'string', value: 'N', help: `at most so many switches (default 100, at most ${mostSwitches})` },
    ...engineOptions,
  },
  run: async ({ options, positionals: [name, ...more], io }) => {
    if (more.length > 0)
      throw new CliError(exitCode.usage, `"${more.join(' ')}" is too much; name one switch or none.`);
    const client = EngineClient.from(options, io);
    const json = options.flag('json');
    if (name !== undefined) {
      const answer = (await client.get(`/v1/switches/${encodeURIComponent(name)}/ports`)) as SwitchAnswer;
      io.out(`${json ? JSON.stringify(answer) : renderPanel(answer)}\n`);
      return exitCode.ok;
    }
    const asked = new URLSearchParams();
    const limit = options.wholeNumber('limit', 1, mostSwitches);
    if (limit !== undefined) asked.set('limit', String(limit));
    for (const field of ['state', 'after']) {
      const value = options.text(field);
      if (value !== undefined) asked.set(field, value);
    }
    const list = (await client.get(`/v1/switches?${asked.toString()}`)) as SwitchList;
    io.out(`${json ? JSON.stringify(list) : renderSwitches(list)}\n`);
    return exitCode.ok;
  },
};
