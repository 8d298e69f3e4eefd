/** LINKTYPE values (draft-ietf-opsawg-pcaplinktype) of the frames that are read. */
export const ETHERNET = 1;
export const RAW_IP = 101;
export const COOKED_V1 = 113;
export const RAW_IPV4 = 228;
export const RAW_IPV6 = 229;
export const COOKED_V2 = 276;

const names: ReadonlyMap<number, string> = new Map([
  [0, 'null'],
  [ETHERNET, 'ethernet'],
  [6, 'token-ring'],
  [7, 'arcnet'],
  [8, 'slip'],
  [9, 'ppp'],
  [10, 'fddi'],
  [12, 'raw'],
  [14, 'raw'],
  [RAW_IP, 'raw-ip'],
  [104, 'cisco-hdlc'],
  [105, 'ieee802.11'],
  [107, 'frame-relay'],
  [108, 'loop'],
  [COOKED_V1, 'linux-cooked-v1'],
  [117, 'pflog'],
  [127, 'ieee802.11-radiotap'],
  [129, 'arcnet-linux'],
  [RAW_IPV4, 'raw-ipv4'],
  [RAW_IPV6, 'raw-ipv6'],
  [COOKED_V2, 'linux-cooked-v2'],
]);

/** A name for people, with the number: `linux-cooked-v1 (113)`. */
export function linkTypeName(linkType: number): string {
  const name = names.get(linkType);
  return name === undefined ? `link type ${linkType}` : `${name} (${linkType})`;
}

/** True for link types whose frames `readFrame` reads. */
export function isReadable(linkType: number): boolean {
  return [ETHERNET, RAW_IP, COOKED_V1, RAW_IPV4, RAW_IPV6, COOKED_V2].includes(linkType);
}
