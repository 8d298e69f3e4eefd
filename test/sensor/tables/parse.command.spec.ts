import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableFormats } from '../../../src/sensor/tables/table-formats.js';
import { portledger } from '../../cli/said.js';

const folder = mkdtempSync(join(tmpdir(), 'portledger-sensor-parse-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const arp = `leaf1#show ip arp
Protocol  Address          Age (min)  Hardware Addr   Type   Interface
Internet  198.51.100.1            -   5254.00ff.0001  ARPA   Vlan11
Internet  198.51.100.16           8   5254.0000.0016  ARPA   Vlan11
Internet  198.51.100.17           0   Incomplete      ARPA
`;

describe('portledger sensor parse', () => {
  it('prints a row for each entry with its claim, and says on stderr what format it took the text for', async () => {
    const { code, out, err } = await portledger(['sensor', 'parse', file('arp.txt', arp)]);
    expect({ code, err }).toEqual({ code: 0, err: 'Taken for ios-arp (Cisco IOS, IOS-XE).\n' });
    expect(out).toMatchInlineSnapshot(`
"LINE  TABLE  ADDRESS        MAC                VLAN  INTERFACE  PORT  VRF  AGE    TYPE        CLAIM
3     arp    198.51.100.1   52:54:00:ff:00:01  11    Vlan11     -     -    -      static      no: configured
4     arp    198.51.100.16  52:54:00:00:00:16  11    Vlan11     -     -    8 min  dynamic     yes
5     arp    198.51.100.17  -                  -     -          -     -    0 s    incomplete  no: unresolved
"
`);
  });

  it('prints an object a row with --json, and nothing on stderr when the format is named', async () => {
    const { code, out, err } = await portledger([
      'sensor',
      'parse',
      '--format',
      'ios-arp',
      file('arp.txt', arp),
      '--json',
    ]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { line: number }).line),
    ).toEqual([3, 4, 5]);
  });

  it('lists what it does not understand by line, escaped, and ends with 1 after the rows it has', async () => {
    const text = `${arp}\u001b[2Jsomething else\n`;
    const { code, out, err } = await portledger(['sensor', 'parse', file('odd.txt', text)]);
    expect(code).toBe(1);
    expect(out.trimEnd().split('\n')).toHaveLength(4);
    expect(err).toContain('line 6 is not understood: \\u001b[2Jsomething else\n3 rows; 1 lines are not understood.\n');
  });

  it('names the closest formats where none is sure, and ends with 1', async () => {
    const { code, out, err } = await portledger([
      'sensor',
      'parse',
      file('rows.txt', '   1    0050.56a8.0016    DYNAMIC     Po1\n'),
    ]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(
      /^portledger: The format cannot be told; the closest are (?=.*ios-mac \(30 %\))(?=.*eos-mac \(30 %\)).*\. Name one with --format\.\n$/,
    );
  });

  it('reads messages of switches out of a log, and counts the others', async () => {
    const log = file(
      'leaf1.log',
      'Jun  5 05:09:30: %IP-4-DUPADDR: Duplicate address 172.16.1.216 on Vlan11, sourced by 5e00.80ff.0606\nJun  5 05:10:59: %SYS-5-CONFIG_I: Configured\n',
    );
    const json = await portledger(['sensor', 'parse', log, '--json']);
    expect(JSON.parse(json.out)).toMatchObject({
      line: 1,
      said: 'duplicate-address',
      mac: '5e:00:80:ff:06:06',
      vlan: 11,
    });
    expect(json).toMatchObject({
      code: 0,
      err: 'Taken for switch-messages.\n1 messages about ARP, ND or a MAC; 1 lines about something else.\n',
    });
    const text = await portledger(['sensor', 'parse', '--format', 'switch-messages', log]);
    expect(text.out).toContain('1  duplicate-address  mnemonic=IP-4-DUPADDR');
  });

  it.each([
    ['is empty', () => file('empty.txt', ''), /^portledger: The text is empty/],
    ['is of no format', () => file('poem.txt', 'nothing of ours\n'), /^portledger: No format is like this text/],
    ['is not there', () => join(folder, 'nosuch.txt'), /ENOENT.*name a readable file/],
    ['is a directory', () => folder, /EISDIR/],
  ])('ends with 1 and one line, without a stack trace, for a file that %s', async (_what, path, why) => {
    const { code, out, err } = await portledger(['sensor', 'parse', path()]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(why);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });

  it.each([[[]], [['a', 'b']], [['--format', 'ios-xyz', 'a']]])('refuses %j as wrong usage', async (words) => {
    expect(await portledger(['sensor', 'parse', ...words])).toMatchObject({ code: 2, out: '' });
  });
});

describe('portledger sensor formats', () => {
  it('lists every format with its vendor, its tables and a command, also as JSON', async () => {
    const text = await portledger(['sensor', 'formats']);
    const json = await portledger(['sensor', 'formats', '--json']);
    const rows = json.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { name: string; vendor: string; command: string });
    expect(rows.map(({ name }) => name)).toEqual([...tableFormats.map(({ name }) => name), 'switch-messages']);
    for (const { name, vendor, command } of rows)
      expect(text.out).toMatch(new RegExp(`^${name} +${vendor}.* ${command.replace(/[|]/g, '\\|')}$`, 'm'));
  });
});
