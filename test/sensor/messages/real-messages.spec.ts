import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSwitchMessage } from '../../../src/sensor/messages/read-switch-message.js';
import { realdata } from '../tables/samples.js';

const folder = join(realdata, 'syslog');
const isThere = existsSync(folder);
if (!isThere)
  console.log(
    `skipped: no syslog of real devices in ${folder}; set PORTLEDGER_REALDATA to the folder that holds syslog/`,
  );

/** Templates of sc4s have the header's parts as words in braces. */
const filled = (text: string): string =>
  text.replace(
    /\{\{ ?([a-z]+) ?\}\}/g,
    (_, word: string) => ({ mark: '<134>', bsd: 'Feb  6 09:42:36', host: 'leaf1', app: 'eswd' })[word] ?? '1',
  );

const lines = !isThere
  ? []
  : readdirSync(folder)
      .filter((file) => !/__yang\.json$|\.yml$|\.json$/.test(file))
      .flatMap((file) =>
        filled(readFileSync(join(folder, file), 'utf8'))
          .split('\n')
          .filter((line) => line.trim() !== '')
          .map((line) => ({ file, line })),
      );

/** What a line that is about ARP, ND or MACs has in it, whoever wrote it. */
const about = /SW_DAI|SISF-|DUPADDR|DUP_.*IP|DUPLICATE|FLAPPING|MACFLAP|MAC_MOVE|MAC_LIMIT|DAI_FAILED|THEFT|ARP_/;

(isThere ? describe : describe.skip)('syslog that real devices sent', () => {
  it('is understood where it is about ARP, ND or a MAC, and only there', () => {
    const seen = new Map<string, number>();
    for (const { file, line } of lines) {
      const message = readSwitchMessage(line);
      expect({ file, line, understood: message !== undefined }).toEqual({ file, line, understood: about.test(line) });
      const what =
        message === undefined ? 'about something else' : `${message.vendor}: ${message.mnemonic} (${message.said})`;
      seen.set(what, (seen.get(what) ?? 0) + 1);
    }
    console.log(
      `syslog of real devices, ${lines.length} lines:\n  ${[...seen].map(([what, count]) => `${count} ${what}`).join('\n  ')}`,
    );
    expect(seen.size).toBeGreaterThan(4);
  });

  it('gives the MAC limit of Junos as napalm-logs states it', () => {
    const [one] = lines.filter(({ file }) => file.includes('MAC_LIMIT'));
    const companion = readFileSync(join(folder, one?.file.replace('syslog.msg', 'yang.json') ?? ''), 'utf8');
    const { yang_message } = JSON.parse(companion) as {
      yang_message: { interfaces: { interface: Record<string, { ethernet: { state: Record<string, string> } }> } };
    };
    const [[name, { ethernet }] = ['', { ethernet: { state: {} } }]] = Object.entries(
      yang_message.interfaces.interface,
    );
    expect(readSwitchMessage(one?.line ?? '')).toMatchObject({
      said: 'mac-limit',
      interface: name,
      count: Number(ethernet.state['learned-mac-addresses']),
    });
  });

  it('gives who uses an address of the router, and who moved', () => {
    const of = (mnemonic: string) => readSwitchMessage(lines.find(({ line }) => line.includes(mnemonic))?.line ?? '');
    expect(of('IP-4-DUPADDR')).toEqual({
      said: 'duplicate-address',
      mnemonic: 'IP-4-DUPADDR',
      vendor: 'Cisco IOS, IOS-XE',
      mac: '5e:00:80:ff:06:06',
      address: '172.16.1.216',
      interface: 'GigabitEthernet1',
    });
    expect(of('L2FM_MAC_MOVE')).toEqual({
      said: 'mac-move',
      mnemonic: 'L2FM-4-L2FM_MAC_MOVE',
      vendor: 'Cisco NX-OS',
      mac: 'e4:c7:22:66:f7:41',
      vlan: 1159,
      formerInterface: '100.16.4513',
      interface: 'leaf1',
    });
    expect(of('ESWD_DAI_FAILED')).toEqual({
      said: 'arp-not-bound',
      mnemonic: 'ESWD_DAI_FAILED',
      vendor: 'Juniper Junos',
      mac: 'b8:27:eb:53:a4:e2',
      address: '10.43.16.17',
      interface: 'ge-0/0/8.0',
      count: 12,
    });
  });
});
