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
