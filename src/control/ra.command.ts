import type { Command } from '../cli/command.js';
import { engineOptions } from '../cli/engine-client.js';
import type { RaStatus } from '../reactors/ra-status.js';
import { PartVerb, refuseMore } from './part-verb.js';
import { renderRa } from './render-ra.js';

const verb = new PartVerb<RaStatus>({
  part: 'ra',
  called: 'Router advertisements',
  none: 'No device of this engine sends router advertisements of ours: name "ra" under a device of kind linux in its configuration.',
  render: renderRa,
});

/** `portledger ra`: which machines are told their default route, and the operator's word. */
export const raCommand: Command = {
  usage: [
    'portledger ra                      what every device advertises',
    'portledger ra DEVICE               one device',
    'portledger ra apply DEVICE PLAN    do this plan of its router advertisements and no other (scope operator)',
  ],
  notes: [
    'loaded: radvd runs and sent something at every interface that is up after it was made to read the file.',
    'apply waits until the daemon was read back: 0 every line is proved done, 5 not every line, 1 it failed.',
  ],
  exitCodes: ['notFound', 'conflict', 'differences', 'unreachable'],
  options: {
    ...engineOptions,
    confirm: {
      type: 'string',
      value: 'WORDS',
      help: "such as 'end ra at 40 interfaces of leaf1', when so much is meant to go",
    },
  },
  run: (input) => {
    const [first, ...more] = input.positionals;
    if (first === 'apply') return verb.apply(more, input);
    refuseMore(more);
    return first === undefined ? verb.showAll(input) : verb.show(first, input);
  },
};
