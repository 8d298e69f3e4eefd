import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import snmp from 'net-snmp';
import type { SnmpUser } from '../../src/transports/trap-listener.js';

/** Sends UDP as a device would, from an address of its own. */
export async function sendUdp(from: string, port: number, messages: readonly (string | Buffer)[]): Promise<void> {
  const socket = createSocket('udp4');
  socket.bind(0, from);
  await once(socket, 'listening');
  for (const message of messages)
    await new Promise<void>((resolve, reject) => {
      socket.send(message, port, '127.0.0.1', (error) => (error === null ? resolve() : reject(error)));
    });
  socket.close();
}

/** Sends a stream and ends it; resolves when the other side has closed too. */
export async function sendTcp(from: string, port: number, stream: string): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from });
  socket.on('error', () => undefined);
  socket.resume();
  socket.end(stream);
  await once(socket, 'close');
}

const linkDown = '1.3.6.1.6.3.1.1.5.3';

function nameOf(interfaceName: string) {
  return [
    { oid: '1.3.6.1.2.1.2.2.1.1.12', type: snmp.ObjectType['Integer'] ?? 2, value: 12 },
    { oid: '1.3.6.1.2.1.31.1.1.1.1.12', type: snmp.ObjectType['OctetString'] ?? 4, value: interfaceName },
  ];
}

/** linkDown of an interface, by the community of v2c. */
export async function sendTrap(from: string, port: number, community: string, interfaceName: string): Promise<void> {
  const session = snmp.createSession('127.0.0.1', community, {
    trapPort: port,
    sourceAddress: from,
    version: snmp.Version2c,
  });
  await new Promise<void>((resolve) => session.trap(linkDown, nameOf(interfaceName), () => resolve()));
  session.close();
}

/** linkDown of an interface by a user of v3; `none` sends it without any key. */
export async function sendV3Trap(
  from: string,
  port: number,
  user: Pick<SnmpUser, 'name' | 'auth' | 'authKey' | 'privKey'> | 'none',
  interfaceName: string,
): Promise<void> {
  const account =
    user === 'none'
      ? { name: '', level: snmp.SecurityLevel.noAuthNoPriv }
      : {
          name: user.name,
          level: snmp.SecurityLevel.authPriv,
          authProtocol: snmp.AuthProtocols[user.auth] ?? '',
          authKey: user.authKey,
          privProtocol: snmp.PrivProtocols['aes'] ?? '',
          privKey: user.privKey,
        };
  const session = snmp.createV3Session('127.0.0.1', account, {
    trapPort: port,
    sourceAddress: from,
    engineID: '8000B98380000000000000000000000000',
  });
  await new Promise<void>((resolve) => session.trap(linkDown, nameOf(interfaceName), () => resolve()));
  session.close();
}
