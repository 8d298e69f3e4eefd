import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type IpAddress, type MacAddress, parseIp, parseMac } from '../../events/index.js';
import { OwnedEntries } from '../../src/drivers/owned-entries.js';
import type { NeighbourEntry } from '../../src/drivers/switch/switch.port.js';
import { tempDirectory } from '../support/temp-directory.js';

const entry = (address: string, mac = '52:54:00:00:00:16'): NeighbourEntry => ({
  interface: 'Vlan11',
  address: parseIp(address) as IpAddress,
  mac: parseMac(mac) as MacAddress,
});

describe('the record of which entries are ours', () => {
  const directory = tempDirectory();
  let path: string;
  let count = 0;
  const opened = (...confirmed: NeighbourEntry[]): OwnedEntries =>
    new OwnedEntries('leaf1', path, () => Promise.resolve(confirmed));

  beforeEach(() => {
    path = join(directory, `leaf1.${count++}.owned.json`);
  });

  it('knows what was claimed before the device was written to, also after a restart', async () => {
    await opened().claim([entry('198.51.100.16')], 'session-1');
    const again = opened();
    const isOurs = await again.isOurs();
    expect(isOurs(entry('198.51.100.16'))).toBe(true);
    expect(isOurs(entry('198.51.100.17'))).toBe(false);
    expect(await again.underway()).toBe('session-1');
  });

  it('keeps a place whose MAC somebody changed by hand', async () => {
    const owned = opened();
    await owned.claim([entry('198.51.100.16')], undefined);
    expect((await owned.isOurs())(entry('198.51.100.16', '52:54:00:00:00:99'))).toBe(true);
  });

  it('lets a place go when the entry is gone, but knows the very same entry when it comes back', async () => {
    const owned = opened();
    await owned.claim([entry('198.51.100.16'), entry('198.51.100.17')], 'session-1');
    await owned.settle([entry('198.51.100.17')]);
    for (const one of [owned, opened()]) {
      const isOurs = await one.isOurs();
      expect(isOurs(entry('198.51.100.16'))).toBe(true);
      expect(isOurs(entry('198.51.100.16', '52:54:00:00:00:99'))).toBe(false);
      expect(isOurs(entry('198.51.100.17', '52:54:00:00:00:99'))).toBe(true);
      expect(await one.underway()).toBeUndefined();
    }
  });

  it('takes the last confirmed entries of the journal where there is no file yet, and no longer', async () => {
    expect((await opened(entry('198.51.100.16')).isOurs())(entry('198.51.100.16'))).toBe(true);
    expect(existsSync(path)).toBe(false);
    await opened(entry('198.51.100.16')).claim([entry('198.51.100.17')], undefined);
    const isOurs = await opened(entry('198.51.100.18')).isOurs();
    expect([16, 17, 18].map((last) => isOurs(entry(`198.51.100.${last}`)))).toEqual([true, true, false]);
  });

  it.each([
    '',
    '{}',
    'null',
    '{"format":"portledger-owned/1","held":["Vlan11 198.51.100.16"],"gone":[]}',
    '{"format":"portledger-owned/1","held":["Vlan11 198.51.100.16 5254.0000.0016"],"gone":[]}',
    '{"format":"portledger-owned/2","held":[],"gone":[]}',
  ])('is an error and no empty record when the file says %s', async (text) => {
    writeFileSync(path, text);
    await expect(opened().isOurs()).rejects.toMatchObject({ code: 'unreadable', device: 'leaf1' });
    await expect(opened().claim([], undefined)).rejects.toMatchObject({ code: 'unreadable' });
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('says so when it cannot be written, and then claims nothing', async () => {
    const owned = new OwnedEntries('leaf1', join(directory, 'no-such-folder', 'file'));
    await expect(owned.claim([entry('198.51.100.16')], undefined)).rejects.toMatchObject({ code: 'misconfigured' });
    expect((await owned.isOurs())(entry('198.51.100.16'))).toBe(false);
  });
});
