import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import snmp from 'net-snmp';
import { senderAddress } from './sender-address.js';
import type { Listener } from './syslog-listener.js';

/** A user of SNMPv3 (RFC 3414); both keys are pass phrases of at least 8 characters. */
export interface SnmpUser {
  readonly name: string;
  readonly auth: 'sha' | 'sha256' | 'sha512';
  readonly authKey: string;
  readonly priv: 'aes';
  readonly privKey: string;
}

/** A trap or inform whose community or user was found right, with the values that are text, numbers or identifiers. */
export interface Trap {
  readonly version: 'v2c' | 'v3';
  readonly values: readonly { readonly oid: string; readonly text: string }[];
}

export interface TrapListenerOptions {
  readonly address: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly community?: string;
  readonly users: readonly SnmpUser[];
  /** Asked before anything of a sender is looked at. */
  readonly accepts: (sender: string) => boolean;
  readonly onTrap: (sender: string, trap: Trap) => void;
  /** What was dropped: unreadable, or with a community, user or key that is not ours. Says nothing of its content. */
  readonly onRefused: (sender: string) => void;
  readonly onError: (error: Error) => void;
}

/** A message that names a new engine costs a key derivation over 1 MiB (RFC 3414 A.2): more than these are dropped unread. */
const messagesPerSecond = 100;
const mostBytes = 8_192;
const mostValues = 64;

/** Listens for SNMP v2c and v3 notifications. Rejects with the error of the socket when it cannot. */
export async function listenForTraps(options: TrapListenerOptions): Promise<Listener> {
  const socket = createSocket({ type: isIPv6(options.address) ? 'udp6' : 'udp4' });
  socket.bind(options.port, options.address);
  await once(socket, 'listening');
  socket.on('error', options.onError);
  const users = new Set(options.users.map(({ name }) => name));
  let sender = '';
  // The receiver calls back while it is given a message, so the sender is the one of that message.
  const receiver = snmp.createReceiver(
    {
      sockets: [{ transport: 'udp4', address: options.address, port: socket.address().port }],
      includeAuthentication: true,
      disableAuthorization: false,
      dgramModule: { createSocket: () => guarded(socket, options, (from) => (sender = from)) },
    },
    (error, notification) => {
      if (error !== null || notification === null) return options.onRefused(sender);
      const { pdu } = notification;
      const isNotification = pdu.type === snmp.PduType['TrapV2'] || pdu.type === snmp.PduType['InformRequest'];
      const isV2c = pdu.community !== undefined && pdu.community === options.community;
      // The library lets an empty user name through without any key.
      const isV3 = pdu.user !== undefined && users.has(pdu.user);
      if (!isNotification || !(isV2c || isV3)) return options.onRefused(sender);
      options.onTrap(sender, { version: isV2c ? 'v2c' : 'v3', values: valuesOf(pdu.varbinds) });
    },
  );
  if (options.community !== undefined) receiver.getAuthorizer().addCommunity(options.community);
  for (const user of options.users) receiver.getAuthorizer().addUser(userOf(user));
  return {
    port: socket.address().port,
    async close() {
      const closed = once(socket, 'close');
      receiver.close();
      await closed;
    },
  };
}

/** The socket as the receiver sees it: bound already, and silent about senders and floods that are not to be looked at. */
function guarded(socket: Socket, options: TrapListenerOptions, onSender: (sender: string) => void): unknown {
  let second = 0;
  let inSecond = 0;
  return {
    on(event: string, listener: (bytes: Buffer, from: RemoteInfo) => void) {
      if (event !== 'message') return;
      socket.on('message', (bytes, from) => {
        const now = Math.floor(performance.now() / 1_000);
        if (now !== second) [second, inSecond] = [now, 0];
        const sender = senderAddress(from.address);
        if (!options.accepts(sender) || bytes.length > mostBytes || ++inSecond > messagesPerSecond) return;
        onSender(sender);
        listener(bytes, from);
      });
    },
    bind: () => undefined,
    send: socket.send.bind(socket),
    address: () => socket.address(),
    close: () => socket.close(),
  };
}

function userOf({ name, auth, authKey, privKey }: SnmpUser): Parameters<SnmpAuthorizer['addUser']>[0] {
  const authProtocol = snmp.AuthProtocols[auth];
  const privProtocol = snmp.PrivProtocols['aes'];
  if (authProtocol === undefined || privProtocol === undefined) throw new Error(`SNMPv3 has no protocol ${auth} here`);
  return { name, level: snmp.SecurityLevel.authPriv, authProtocol, authKey, privProtocol, privKey };
}

type SnmpAuthorizer = ReturnType<ReturnType<typeof snmp.createReceiver>['getAuthorizer']>;

function valuesOf(varbinds: readonly { readonly oid: string; readonly value: unknown }[]): Trap['values'] {
  return varbinds.slice(0, mostValues).flatMap(({ oid, value }) => {
    if (Buffer.isBuffer(value)) return [{ oid, text: value.toString('utf8') }];
    return typeof value === 'string' || typeof value === 'number' ? [{ oid, text: String(value) }] : [];
  });
}
