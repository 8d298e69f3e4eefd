import { readLinkTrap } from '../../src/links/link-message.js';
import { type Listener, listenForSyslog } from '../../src/transports/syslog-listener.js';
import { listenForTraps, type SnmpUser, type Trap } from '../../src/transports/trap-listener.js';
import { until } from '../reactors/reactor-bench.js';
import { sendTcp, sendTrap, sendUdp, sendV3Trap } from './message-senders.js';

const known = '127.0.0.1';
const stranger = '127.0.0.9';
const accepts = (sender: string): boolean => sender === known;
const onError = (error: Error): void => {
  throw error;
};

let listener: Listener | undefined;
afterEach(async () => {
  await listener?.close();
  listener = undefined;
});

describe.each(['udp', 'tcp'] as const)('a syslog listener over %s', (transport) => {
  it('hands over messages of senders that are accepted, with the address they came from, and nothing of others', async () => {
    const heard: string[] = [];
    const onMessage = (sender: string, message: string): void => void heard.push(`${sender} ${message}`);
    listener = await listenForSyslog({ transport, address: known, port: 0, accepts, onMessage, onError });
    const { port } = listener;
    if (transport === 'udp') {
      await sendUdp(stranger, port, ['<13>forged']);
      await sendUdp(known, port, ['x'.repeat(9_000), '<13>one', '<13>two']);
    } else {
      await sendTcp(stranger, port, '<13>forged\n');
      await sendTcp(known, port, '<13>one\n7 <13>two');
    }
    await until(() => heard.length >= 2);
    expect(heard).toEqual([`${known} <13>one`, `${known} <13>two`]);
  });
});

describe('a syslog listener', () => {
  it('rejects when its address is taken', async () => {
    const options = { transport: 'tcp', address: known, accepts, onMessage: () => undefined, onError } as const;
    listener = await listenForSyslog({ ...options, port: 0 });
    await expect(listenForSyslog({ ...options, port: listener.port })).rejects.toThrow('EADDRINUSE');
  });
});

describe('a trap listener', () => {
  const user: SnmpUser = { name: 'ledger', auth: 'sha256', authKey: 'authauth1', priv: 'aes', privKey: 'privpriv1' };
  let traps: Trap[];
  let refused: number;

  async function listen(community?: string): Promise<number> {
    traps = [];
    refused = 0;
    listener = await listenForTraps({
      address: known,
      port: 0,
      ...(community === undefined ? {} : { community }),
      users: [user],
      accepts,
      onTrap: (sender, trap) => {
        expect(sender).toBe(known);
        traps.push(trap);
      },
      onRefused: () => refused++,
      onError,
    });
    return listener.port;
  }
  const linksSaid = (): unknown[] => traps.map(({ version, values }) => [version, readLinkTrap(values)]);

  it('takes v2c with its community and v3 with its keys, and reads what link they are about', async () => {
    const port = await listen('notpublic');
    await sendTrap(known, port, 'notpublic', 'Ethernet12');
    await sendV3Trap(known, port, user, 'Ethernet13');
    await until(() => traps.length === 2);
    expect(linksSaid()).toEqual([
      ['v2c', { interface: 'Ethernet12', up: false }],
      ['v3', { interface: 'Ethernet13', up: false }],
    ]);
  });

  it('refuses another community, another user, wrong keys, a user without keys, and bytes that are no SNMP', async () => {
    const port = await listen('notpublic');
    await sendTrap(known, port, 'public', 'Ethernet12');
    await sendV3Trap(known, port, { ...user, name: 'mallory' }, 'Ethernet12');
    await sendV3Trap(known, port, { ...user, authKey: 'wrongwrong' }, 'Ethernet12');
    await sendV3Trap(known, port, { ...user, privKey: 'wrongwrong' }, 'Ethernet12');
    await sendV3Trap(known, port, 'none', 'Ethernet12');
    await sendUdp(known, port, [Buffer.from('3082ffff', 'hex'), Buffer.alloc(0), Buffer.alloc(500, 0x30)]);
    await until(() => refused === 8);
    expect(traps).toEqual([]);
  });

  it('takes no v2c at all without a community, and does not look at strangers', async () => {
    const port = await listen();
    await sendTrap(stranger, port, '', 'Ethernet12');
    await sendTrap(known, port, '', 'Ethernet12');
    await until(() => refused === 1);
    expect(traps).toEqual([]);
  });
});
