import { networkInterfaces } from 'node:os';
import type { HintListenerConfig } from './config/app-config.js';
import type { EngineParts } from './engine-parts.js';
import { type HintedDevice, Hints } from './links/hints.js';
import { readLinkMessage, readLinkTrap } from './links/link-message.js';
import { readCommunity, readSnmpUsers } from './links/snmp-secrets.js';
import { type Listener, listenForSyslog } from './transports/syslog-listener.js';
import { listenForTraps } from './transports/trap-listener.js';

/** A listener that cannot be had: names it, and the cure. */
export class HintListenerError extends Error {
  constructor({ kind, address, port }: HintListenerConfig, why: string, options?: ErrorOptions) {
    super(`Cannot hear ${kind} on ${address} port ${port}: ${why}`, options);
    this.name = 'HintListenerError';
  }
}

/** Opens every listener of the configuration. Rejects with a HintListenerError; then none is open. */
export async function startHints(
  parts: EngineParts,
  devices: readonly HintedDevice[],
): Promise<{ close(): Promise<void> }> {
  const hints = new Hints(devices);
  const open: Listener[] = [];
  const close = async (): Promise<void> => {
    hints.close();
    await Promise.all(open.map((one) => one.close()));
  };
  try {
    for (const config of parts.config.hints) open.push(await listen(parts, config, hints));
  } catch (error) {
    await close();
    throw error;
  }
  if (open.length > 0) parts.readiness.register('link-hints', () => ({ ok: true, detail: detailOf(hints, open) }));
  return { close };
}

function detailOf({ counts }: Hints, open: readonly Listener[]): string {
  const { hints, otherInterfaces, otherMessages, refused, unknownSenders, lastUnknownSender } = counts;
  const stranger = lastUnknownSender === undefined ? '' : `, the last ${lastUnknownSender}`;
  return (
    `${open.length} listeners on ports ${open.map(({ port }) => port).join(', ')}: ${hints} hints, ${otherInterfaces} about other interfaces, ` +
    `${otherMessages} about something else, ${refused} refused, ${unknownSenders} from unknown senders${stranger}.`
  );
}

async function listen(parts: EngineParts, config: HintListenerConfig, hints: Hints): Promise<Listener> {
  checkPlace(config);
  const { kind, address, port, trusted } = config;
  const common = {
    address,
    port,
    accepts: (sender: string) => hints.knows(sender),
    onError: (error: Error) => parts.log.error('a hint listener failed', { kind, address, detail: error.message }),
  };
  try {
    if (kind === 'snmp-trap') {
      const community = config.communityFile === undefined ? {} : { community: readCommunity(config.communityFile) };
      const users = config.usersFile === undefined ? [] : readSnmpUsers(config.usersFile);
      return await listenForTraps({
        ...common,
        ...community,
        users,
        onTrap: (sender, { values }) => hints.heard(sender, readLinkTrap(values), trusted),
        onRefused: () => hints.refused(),
      });
    }
    return await listenForSyslog({
      ...common,
      transport: kind === 'syslog-tcp' ? 'tcp' : 'udp',
      onMessage: (sender, message) => {
        hints.heard(sender, readLinkMessage(message), trusted);
        parts.messages.heard(sender, message);
      },
    });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new HintListenerError(
      config,
      code === undefined ? message : `${code}; free it, or name another under hints`,
      {
        cause: error,
      },
    );
  }
}

/** The management interface must be there and have the address: otherwise messages could come from anywhere. */
function checkPlace(config: HintListenerConfig): void {
  const { managementInterface: name, address } = config;
  if (name === undefined) return;
  const addresses = (networkInterfaces()[name] ?? []).map((one) => one.address);
  if (addresses.includes(address)) return;
  const has = addresses.length === 0 ? 'is not there or has no address' : `has ${addresses.join(', ')}`;
  throw new HintListenerError(config, `managementInterface ${name} ${has}; name the interface that has ${address}`);
}
