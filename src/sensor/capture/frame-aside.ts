/**
 * What a frame is that is neither ARP nor ND, by code: a tunnel whose inside is not looked into, something else, or so
 * damaged below ARP and ND that nobody can say. The order is that of the codes in FrameFields.
 */
export const asideNames = Object.freeze([
  'none',
  'other',
  'link-type',
  'later-fragment',
  'encrypted',
  'gre',
  'vxlan',
  'geneve',
  'gtp',
  'teredo',
  'ip-in-ip',
  'mpls',
  'pppoe',
  'mac-in-mac',
  'runt',
  'tag-cut-short',
  'too-many-tags',
  'llc-cut-short',
  'ipv6-cut-short',
  'ipv6-version',
  'extension-header-cut-short',
] as const);

export type AsideName = (typeof asideNames)[number];

export const OTHER = 1;
export const LINK_TYPE = 2;
export const LATER_FRAGMENT = 3;
export const ENCRYPTED = 4;
export const GRE = 5;
export const VXLAN = 6;
export const GENEVE = 7;
export const GTP = 8;
export const TEREDO = 9;
export const IP_IN_IP = 10;
export const MPLS = 11;
export const PPPOE = 12;
export const MAC_IN_MAC = 13;
export const RUNT = 14;
export const TAG_CUT_SHORT = 15;
export const TOO_MANY_TAGS = 16;
export const LLC_CUT_SHORT = 17;
export const IPV6_CUT_SHORT = 18;
export const IPV6_VERSION = 19;
export const EXTENSION_CUT_SHORT = 20;

/** A tunnel: whatever ARP or ND it carries belongs to another link, and is not looked at. */
export const isTunnel = (aside: number): boolean => aside >= GRE && aside <= MAC_IN_MAC;

/** Damaged before anybody could say whether it is ARP or ND. */
export const isDamage = (aside: number): boolean => aside >= RUNT;
