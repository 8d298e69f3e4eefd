// The numbers that rules and the judge's meter share, each with its reason. A port at or below a number is left alone.

/** The time a port's traffic is counted over, ms: long enough that a boot or a slow scanner shows, short enough to tell of it at once. */
export const trafficWindowMs = 10_000;

/**
 * More different addresses than this asked for by one port in a window are a scan. A host masked /24 asks for the
 * neighbours it talks to, a few dozen at most; `arp-scan` of a /24 asks for 254 in half a second.
 */
export const askedAddressesLook = 64;

/**
 * More different addresses than this claimed by one port in a window fill a neighbour table (RFC 6583): a quarter of
 * the 1,024 dynamic entries that Linux has for all ports together (`gc_thresh3`), and more than a full /24 of one server.
 */
export const claimedAddressesLook = 256;

/**
 * More different source MACs than this at one port in a window are made up. A port of a hypervisor shows one MAC for
 * each VM, tens of them; the tools that fill MAC tables send thousands a second.
 */
export const sourcesLook = 128;

/** An address given back may be used so long by the server that had it, ms: Kea's default lifetime of a lease (7,200 s). */
export const leaseGraceMs = 7_200_000;

/** A row of an ARP table may be so old, ms: the default timeout of EOS and IOS (4 h). */
export const arpTableAgeMs = 14_400_000;

/** A row of a MAC table may be so old, ms: the default ageing time of switches (IEEE 802.1Q: 300 s). */
export const macTableAgeMs = 300_000;

/** A new card is looked for so long after the carrier came, ms: a server boots in a few minutes, with its firmware's checks in ten. */
export const nicSwapWindowMs = 600_000;

/** Links are told by another clock and a little late: a frame may seem to come so long before its carrier, ms. */
export const linkSlackMs = 5_000;

/**
 * An answer to duplicate address detection comes within this time, ms: hosts wait 1 s for each probe (RFC 4862 section
 * 5.1, RFC 4861 RetransTimer), some send three; ARP probes take up to 7 s (RFC 5227 section 1.1).
 */
export const dadWindowMs = 7_000;

/** Two MACs that take turns with one address do so within this time, ms: hosts confirm a neighbour every 15 to 45 s (RFC 4861 section 10). */
export const duplicateWindowMs = 60_000;

/** A MAC that moves this often, `flapMoves`, within this time, ms, is at two places: the defaults of RFC 7432 section 15.1. */
export const flapWindowMs = 180_000;
export const flapMoves = 5;

/** A paid server that was not heard for this long is silent, ms: backups, time and mail make any server send within a day. */
export const silentServerMs = 86_400_000;
