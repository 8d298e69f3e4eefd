import type { IpAddress } from '../../../events/index.js';
import { placedEntries, type SwitchLook } from './configured-entries.js';
import { type AskEos, outputOf } from './eos-session.js';
import { type EosOpenSession, eosSessionsOf } from './eos-sessions.js';
import { eosInterfacesOf, eosResolvedOf, eosStaticsOf } from './eos-tables.js';

export interface EosLook extends SwitchLook {
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
  return { interfaces, ...placedEntries(statics, resolved, interfaces, recorded), sessions: eosSessionsOf(sessions) };
}
