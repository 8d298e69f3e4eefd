import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IpAddress, MacAddress } from '../../events/index.js';
import { createFileSwitch } from '../../src/drivers/switch/file.switch.js';
import type { NeighbourEntry, SwitchDriver } from '../../src/drivers/switch/switch.port.js';
import type { SwitchHarness } from './switch-driver.harness.js';

/** A folder with a file driver, and somebody with an editor beside it. */
export function fileHarness(): SwitchHarness & { readonly path: string; readonly directory: string } {
  const directory = mkdtempSync(join(tmpdir(), 'portledger-file-'));
  const path = join(directory, 'leaf1.neighbours');
  const opened: SwitchDriver[] = [];
  const open = (): SwitchDriver => {
    const driver = createFileSwitch({ device: 'leaf1', directory, interfaces: ['vlan11', 'vlan16'] });
    opened.push(driver);
    return driver;
  };
  const lines = (): string[] => (existsSync(path) ? readFileSync(path, 'utf8').split('\n') : ['']);
  const put = (all: readonly string[]): Promise<void> => Promise.resolve(writeFileSync(path, all.join('\n')));
  const isAt = (line: string, { address, interface: name }: NeighbourEntry): boolean =>
    line.startsWith(`neighbour ${address} ${name} `);
  return {
    path,
    directory,
    driver: open(),
    deadline: 100,
    interfaces: ['vlan11', 'vlan16'],
    inspect: () =>
      Promise.resolve(
        lines().flatMap((line) => {
          const [kind, address, name, mac] = line.split(' ');
          if (kind !== 'neighbour' || name === undefined) return [];
          return [{ interface: name, address: address as IpAddress, mac: mac as MacAddress }];
        }),
      ),
    handSet(entry) {
      const typed = `neighbour ${entry.address} ${entry.interface} ${entry.mac}`;
      const all = lines();
      const known = all.some((line) => isAt(line, entry));
      return put(known ? all.map((line) => (isAt(line, entry) ? typed : line)) : [typed, ...all]);
    },
    handRemove: (entry) => put(lines().filter((line) => !isAt(line, entry))),
    lock() {
      writeFileSync(`${path}.lock`, '');
      return Promise.resolve(() => Promise.resolve(rmSync(`${path}.lock`)));
    },
    restarted: open,
    async close() {
      await Promise.all(opened.map((driver) => driver.close()));
      rmSync(directory, { recursive: true });
    },
  };
}
