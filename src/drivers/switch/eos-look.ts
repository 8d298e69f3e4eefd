import { type IpAddress, parseIpv4 } from '../../../events/index.js';
import type { AskEos } from './eos-session.js';
import { outputOf } from './eos-session.js';
import type { EosStatic } from './eos-lines.js';
import { type EosOpenSession, eosSessionsOf } from './eos-sessions.js';
import {
  type EosInterface,
  eosInterfacesOf,
  type EosResolved,
  eosResolvedOf,
  eosStaticsOf,
  isOnLink,
} from './eos-tables.js';
import type { NeighbourEntry } from './switch.port.js';

/** A static entry, where it hangs, and whether the switch resolves by it. */
export interface EosEntry extends NeighbourEntry {
  /** False where the configuration has it and the table of the switch does not. */
  readonly effective: boolean;
}

/** What a switch says of itself in one go: its configured entries, and the tables that it works by. */
export interface EosLook {
  readonly interfaces: ReadonlyMap<string, EosInterface>;
  readonly entries: readonly EosEntry[];
  /** Static entries in the tables that no line of the configuration explains. */
  readonly unexplained: readonly NeighbourEntry[];
  readonly sessions: readonly EosOpenSession[];
}

/**
 * The configuration is asked first: an entry that comes or goes in between is seen as not there.
 * `recorded` says on which interface we once set an IPv4 address: its line does not tell, where the switch does not resolve it.
 */
export async function lookAtEos(ask: AskEos, recorded: (address: IpAddress) => string | undefined): Promise<EosLook> {
  const [, configuration] = await ask(['enable', 'show running-config | include ^arp |^ipv6 neighbor '], 'text');
  const [, shown, ip, ipv6, arp, nd, sessions] = await ask(
    [
      'enable',
      'show interfaces',
      'show ip interface',
      'show ipv6 interface',
      'show arp vrf all',
      'show ipv6 neighbors vrf all',
      'show configuration sessions detail',
    ],
    'json',
  );
  const interfaces = eosInterfacesOf(shown, ip, ipv6);
  const resolved = [...eosResolvedOf(arp), ...eosResolvedOf(nd)];
  const statics = eosStaticsOf(outputOf(configuration));
  return { interfaces, ...entriesOf(statics, resolved, interfaces, recorded), sessions: eosSessionsOf(sessions) };
}

function entriesOf(
  statics: readonly EosStatic[],
  resolved: readonly EosResolved[],
  interfaces: ReadonlyMap<string, EosInterface>,
  recorded: (address: IpAddress) => string | undefined,
): Pick<EosLook, 'entries' | 'unexplained'> {
  const rows = new Map<string, EosResolved[]>();
  for (const row of resolved) {
    const key = `${row.vrf ?? ''} ${row.address}`;
    rows.set(key, [...(rows.get(key) ?? []), row]);
  }
  const explained = new Set<EosResolved>();
  const entries = statics.flatMap((one): EosEntry[] => {
    const candidates = (rows.get(`${one.vrf ?? ''} ${one.address}`) ?? []).filter(
      (row) => one.interface === undefined || row.interface === one.interface,
    );
    const row = candidates.find(({ mac }) => mac === one.mac) ?? candidates[0];
    if (row !== undefined) explained.add(row);
    const isInVrf = (name: string | undefined): boolean => name !== undefined && interfaces.get(name)?.vrf === one.vrf;
    const name =
      one.interface ??
      row?.interface ??
      [recorded(one.address)].find(isInVrf) ??
      whereOnLink(interfaces, one.vrf, one.address);
    const effective = row?.mac === one.mac;
    return name === undefined || !isInVrf(name)
      ? []
      : [{ interface: name, address: one.address, mac: one.mac, effective }];
  });
  const unexplained = resolved.filter((row) => row.isStatic && !explained.has(row));
  return { entries, unexplained };
}

function whereOnLink(
  interfaces: ReadonlyMap<string, EosInterface>,
  vrf: string | undefined,
  address: IpAddress,
): string | undefined {
  if (parseIpv4(address) === undefined) return undefined;
  return [...interfaces.values()].find((one) => one.vrf === vrf && isOnLink(one, address))?.name;
}
