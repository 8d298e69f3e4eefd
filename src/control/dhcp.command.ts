import type { Command } from '../cli/command.js';
import { engineOptions } from '../cli/engine-client.js';
import type { DhcpStatus } from '../reactors/dhcp-status.js';
import { PartVerb, refuseMore } from './part-verb.js';
import { renderDhcp } from './render-dhcp.js';

const verb = new PartVerb<DhcpStatus>({
  part: 'dhcp',
  called: 'DHCP',
  none: 'No device of this engine hands out anything: name "dhcp" under a device of kind linux in its configuration.',
  render: renderDhcp,
});

/** `portledger dhcp`: what the DHCP daemons hand out, and the operator's word. */
export const dhcpCommand: Command = {
  usage: [
    'portledger dhcp                      what every device hands out',
    'portledger dhcp DEVICE               one device',
    'portledger dhcp apply DEVICE PLAN    do this plan of its DHCP and no other (scope operator)',
  ],
  notes: [
    'LISTENS says for which families the daemon has an open socket at the interface, as the kernel says.',
    'apply waits until the daemons were read back: 0 every line is proved done, 5 not every line, 1 it failed.',
  ],
  exitCodes: ['notFound', 'conflict', 'differences', 'unreachable'],
  options: {
    ...engineOptions,
    confirm: {
      type: 'string',
      value: 'WORDS',
      help: "such as 'end dhcp at 40 interfaces of leaf1', when so much is meant to go",
    },
  },
  run: (input) => {
    const [first, ...more] = input.positionals;
    if (first === 'apply') return verb.apply(more, input);
    refuseMore(more);
    return first === undefined ? verb.showAll(input) : verb.show(first, input);
  },
};
