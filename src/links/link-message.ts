/** What a device's own message says of one of its interfaces. Never a fact: the text can be forged. */
export interface LinkMessage {
  /** The device's own name of the interface; undefined when the message does not tell. */
  readonly interface: string | undefined;
  /** What the message claims; undefined when it tells no state of the line. */
  readonly up: boolean | undefined;
}

const name = '([A-Za-z][A-Za-z0-9/._:-]{0,63})';
/** EOS 4.19.6M and later put the operator's description here, and it may hold anything. */
const description = String.raw`(?: \([^\n]{0,300}\))?`;

/** Each with the interface as its first group and the state, where it tells one, as its second. */
const patterns: readonly RegExp[] = [
  // EOS, IOS, IOS-XE; IOS-XR writes PKT_INFRA-LINEPROTO and Down.
  new RegExp(
    `%(?:PKT_INFRA-)?LINEPROTO-\\d-UPDOWN ?: Line protocol on Interface ${name}${description}, changed state to (up|down)`,
    'i',
  ),
  // The hardware below the line protocol: worth a look, and no state of the line.
  new RegExp(`%(?:PKT_INFRA-)?LINK-\\d-(?:CHANGED|UPDOWN) ?: Interface ${name}${description}, changed state to `, 'i'),
  // NX-OS: IF_UP, IF_DOWN_LINK_FAILURE, IF_DOWN_ADMIN_DOWN, ...
  new RegExp(`%ETHPORT-\\d-IF_(?:UP|DOWN_[A-Z_]{1,40}): Interface ${name}${description} is (up|down)`),
  new RegExp(`%ETHPORT-\\d-IF_[A-Z_]{1,40}: Interface ${name}`),
  // Junos
  new RegExp(
    `SNMP_TRAP_LINK_(?:UP|DOWN): ifIndex \\d{1,10}, ifAdminStatus [a-z]{1,20}\\(\\d{1,2}\\), ifOperStatus (?:up|down)\\(\\d\\), ifName ${name}`,
  ),
];

const junosState = /SNMP_TRAP_LINK_(UP|DOWN)/;
/** Headers (RFC 3164, RFC 5424, or a vendor's own) stand before this many characters of text that matter. */
const mostText = 1_024;

/** Finds link up and link down in one syslog message, whatever header it has; undefined for every other message. */
export function readLinkMessage(message: string): LinkMessage | undefined {
  const text = message.slice(0, mostText);
  for (const pattern of patterns) {
    const found = pattern.exec(text);
    if (found === null) continue;
    const state = (found[2] ?? junosState.exec(found[0])?.[1])?.toLowerCase();
    return { interface: found[1], up: state === undefined ? undefined : state === 'up' };
  }
  return undefined;
}

const oids = {
  trap: '1.3.6.1.6.3.1.1.4.1.0',
  linkDown: '1.3.6.1.6.3.1.1.5.3',
  linkUp: '1.3.6.1.6.3.1.1.5.4',
} as const;
/** ifName before ifDescr: the two differ on some vendors, and the configuration uses the name of the command line. */
const nameColumns = ['1.3.6.1.2.1.31.1.1.1.1.', '1.3.6.1.2.1.2.2.1.2.'] as const;

/** The values of a trap by object identifier, as far as they are text. */
export type TrapValues = readonly { readonly oid: string; readonly text: string }[];

/** Reads linkDown and linkUp (RFC 2863) out of a trap; undefined for every other. Without ifName or ifDescr no interface is told. */
export function readLinkTrap(values: TrapValues): LinkMessage | undefined {
  const kind = values.find(({ oid }) => oid === oids.trap)?.text;
  if (kind !== oids.linkDown && kind !== oids.linkUp) return undefined;
  const named = nameColumns.flatMap((column) => values.filter(({ oid }) => oid.startsWith(column)))[0]?.text;
  return { interface: named, up: kind === oids.linkUp };
}
