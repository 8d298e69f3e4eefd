import type { EapiClient } from '../../transports/eapi-client.js';
import { readFailure, type ShownTable, type TableReader } from './table-reader.js';

const commands = ['show mac address-table', 'show arp vrf all', 'show ipv6 neighbors vrf all'] as const;

/** The tables of an Arista switch, in one request to its eAPI. Closes the client when it is closed. */
export function eosTableReader(device: string, eapi: EapiClient): TableReader {
  return {
    async read() {
      try {
        const answers = await eapi.run(commands, 'json');
        return commands.map((from, index): ShownTable => ({
          from,
          format: 'eos-json',
          text: JSON.stringify(answers[index]),
        }));
      } catch (error) {
        throw readFailure(device, error);
      }
    },
    close() {
      eapi.close();
      return Promise.resolve();
    },
  };
}
