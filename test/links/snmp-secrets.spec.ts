import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCommunity, readSnmpUsers } from '../../src/links/snmp-secrets.js';
import { tempDirectory } from '../support/temp-directory.js';

describe('the secrets of SNMP', () => {
  const file = join(tempDirectory(), 'secret');
  const write = (text: string, mode = 0o600): void => {
    writeFileSync(file, text);
    chmodSync(file, mode);
  };
  const user = { name: 'ledger', auth: 'sha256', authKey: 'hidden-hidden', priv: 'aes', privKey: 'hidden-hidden' };

  it('are a line, or a list of users', () => {
    write('notpublic\r\n');
    expect(readCommunity(file)).toBe('notpublic');
    write(JSON.stringify([user]));
    expect(readSnmpUsers(file)).toEqual([user]);
  });

  it.each([
    ['hidden-hidden', 'is not JSON'],
    ['{"hidden-hidden": 1}', 'is not a JSON list of users'],
    [JSON.stringify([user, { ...user, auth: 'md5' }]), '/1/auth: expected one of sha, sha256, sha512'],
    [JSON.stringify([{ ...user, priv: 'hidden-hidden' }]), '/0/priv: expected aes'],
    [JSON.stringify([{ ...user, authKey: 'hidden' }]), '/0/authKey: expected 8 characters or more'],
    ['[null]', '/0/name: expected'],
  ])('are refused by name of the file and the place, without a word of what is in it (%#)', (text, why) => {
    write(text);
    expect(() => readSnmpUsers(file)).toThrow(why);
    expect(() => readSnmpUsers(file)).toThrow(file);
    expect(() => readSnmpUsers(file)).not.toThrow('hidden');
  });

  it('are refused where others may read them, and where there are none', () => {
    write('notpublic', 0o640);
    expect(() => readCommunity(file)).toThrow(`may be read by others; run "chmod 600 ${file}"`);
    write('');
    expect(() => readCommunity(file)).toThrow('put the community on its first line');
    expect(() => readCommunity(`${file}.gone`)).toThrow('cannot be read (ENOENT)');
  });
});
