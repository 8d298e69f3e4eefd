import { CliShell } from '../../transports/cli-shell.js';
import type { SshConnection } from '../../transports/ssh-connection.js';
import { readFailure, type ShownTable, TableReadError, type TableReader } from './table-reader.js';

const deadline = 30_000;
const complaint = /^\s*%\s?(?![A-Z0-9_]+-\d-[A-Z0-9_]+:)(\S.{0,200})$/m;

/**
 * The tables of a switch that runs IOS or IOS-XE, over one terminal for each read. A router that has no MAC table says so,
 * and is read without. `vrf`: where the neighbours are; the default VRF where absent.
 */
export function iosTableReader(device: string, ssh: SshConnection, vrf?: string): TableReader {
  const inVrf = vrf === undefined ? '' : ` vrf ${vrf}`;
  return {
    async read() {
      try {
        const shell = await CliShell.open(await ssh.shell(), deadline);
        try {
          for (const command of ['terminal length 0', 'terminal width 511']) await shell.run(command);
          const shown = [
            await optional(shell, 'show mac address-table'),
            await asked(device, shell, `show ip arp${inVrf}`),
            await asked(device, shell, `show ipv6 neighbors${inVrf}`),
          ];
          return shown.filter((table) => table !== undefined);
        } finally {
          shell.close();
        }
      } catch (error) {
        throw readFailure(device, error);
      }
    },
    close: () => ssh.close(),
  };
}

const formatOf = (command: string): string =>
  command.startsWith('show ip arp') ? 'ios-arp' : command.startsWith('show ipv6') ? 'ios-nd' : 'auto';

async function optional(shell: CliShell, from: string): Promise<ShownTable | undefined> {
  const text = await shell.run(from);
  return complaint.test(text) || text.trim() === '' ? undefined : { from, format: formatOf(from), text };
}

async function asked(device: string, shell: CliShell, from: string): Promise<ShownTable> {
  const text = await shell.run(from);
  const [, why] = complaint.exec(text) ?? [];
  if (why === undefined) return { from, format: formatOf(from), text };
  const said = why.replace(/[^\x20-\x7e]+/g, ' ');
  throw new TableReadError(
    `"${from}" was refused by ${device}: ${said}`,
    'let its user give the show commands, and see its VRF',
  );
}
