/**
 * True for IPv4 addresses that no gateway routes: RFC 1918 (10/8, 172.16/12, 192.168/16) and RFC 3927 (169.254/16).
 * Linux sends ARP with any of its addresses as the sender, that of docker0 for one.
 */
export function isNeverRouted(address: string): boolean {
  if (address.startsWith('10.') || address.startsWith('192.168.') || address.startsWith('169.254.')) return true;
  if (!address.startsWith('172.') || address.charCodeAt(6) !== dot) return false;
  const second = address.slice(4, 6);
  return second >= '16' && second <= '31';
}

const dot = 46;
