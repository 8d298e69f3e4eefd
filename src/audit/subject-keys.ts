import { formatMac, isLinkLocal, wordsOf } from '../../events/index.js';
import { historyKeys, keysContaining, keysOfAddressesIn, keysOverlapping } from '../../projections/index.js';
import type { KeysOf } from './known-log.js';
import type { Subject } from './subject.js';

/** Under these keys stands every event that `mentions` finds, but for those in the stream that `ownStream` names. */
export function namingKeys(subject: Subject): KeysOf {
  switch (subject.kind) {
    case 'ip': {
      const { address } = subject;
      if (!address.includes(':')) return () => [historyKeys.ip(address)];
      const mac = isLinkLocal(address) ? macBehind(address) : undefined;
      const said = [historyKeys.ip(address), ...(mac === undefined ? [] : [historyKeys.mac(mac)])];
      return (lengths) => [...said, ...keysContaining(historyKeys.prefixes, address, lengths)];
    }
    case 'prefix':
      return (lengths) => keysOverlapping(historyKeys.prefixes, subject.prefix, lengths);
    case 'mac':
      return () => [historyKeys.mac(subject.mac)];
    case 'port':
      return () => [historyKeys.port(subject.port)];
    case 'server':
      return () => [];
  }
}

/** The stream whose name says of its events already that they name the subject; undefined where there is none. */
export function ownStream(subject: Subject): string | undefined {
  if (subject.kind === 'port') return `port-${subject.port}`;
  return subject.kind === 'server' ? `server-${subject.serverId}` : undefined;
}

/** Under these keys stands every violation that concerns the subject. */
export function violationKeys(subject: Subject): KeysOf {
  const { violation } = historyKeys;
  switch (subject.kind) {
    case 'ip':
      return () => [violation.ip(subject.address)];
    case 'prefix':
      return () => keysOfAddressesIn(violation.addresses, subject.prefix);
    case 'mac':
      return () => [violation.mac(subject.mac)];
    case 'port':
      return () => [violation.port(subject.port)];
    case 'server':
      return () => [violation.server(subject.serverId)];
  }
}

/** The MAC of which an address is the modified EUI-64 link-local (RFC 4291 appendix A); undefined where it is none. */
function macBehind(address: string): string | undefined {
  const [, , third, fourth] = wordsOf(address);
  if ((third & 0xff) !== 0xff || fourth >>> 24 !== 0xfe) return undefined;
  return formatMac(((third >>> 8) ^ 0x020000) * 2 ** 24 + (fourth & 0xffffff));
}
