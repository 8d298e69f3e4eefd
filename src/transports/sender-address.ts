/** The address of a sender in one spelling: IPv4 that came through an IPv6 socket is IPv4, and a zone is left out. */
export function senderAddress(address: string): string {
  const bare = address.split('%', 1)[0] ?? address;
  const mapped = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(bare);
  return mapped?.[1] ?? bare.toLowerCase();
}
