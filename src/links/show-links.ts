import type { LinuxLink } from '../transports/linux-link-reader.js';

export { linksOf as linksOfIpLink } from '../transports/linux-link-reader.js';

/**
 * `show interfaces` of IOS and IOS-XE: `GigabitEthernet0/1 is up, line protocol is up (connected)` at the start of a line;
 * everything else, descriptions too, is indented. Throws for a text without any interface: it is no answer to the question.
 */
export function linksOfIos(text: string): Map<string, LinuxLink> {
  const links = new Map<string, LinuxLink>();
  for (const line of text.split(/\r?\n/)) {
    const [, name, hardware = '', protocol] =
      /^([A-Za-z][A-Za-z0-9/._:-]{0,63}) is (administratively down|[a-z]+(?: mode)?)(?:, line protocol is ([a-z]+)(?: \([a-z -]+\))?)?(?:,.*)?$/i.exec(
        line,
      ) ?? [];
    if (name === undefined) continue;
    const adminUp = hardware !== 'administratively down';
    links.set(name, { adminUp, carrier: hardware === 'up' && (protocol === undefined || protocol === 'up') });
  }
  if (links.size === 0) throw new Error('"show interfaces" was answered without any interface');
  return links;
}

/** `show interfaces` of EOS as JSON. Throws for anything else. */
export function linksOfEos(answer: unknown): Map<string, LinuxLink> {
  const interfaces = (answer as { interfaces?: unknown } | null | undefined)?.interfaces;
  if (typeof interfaces !== 'object' || interfaces === null)
    throw new Error('"show interfaces" was answered without any interface');
  const links = new Map<string, LinuxLink>();
  for (const [name, shown] of Object.entries(interfaces as Record<string, unknown>)) {
    const { interfaceStatus, lineProtocolStatus } = (shown ?? {}) as Record<string, unknown>;
    if (typeof interfaceStatus !== 'string' || typeof lineProtocolStatus !== 'string') continue;
    links.set(name, { adminUp: interfaceStatus !== 'disabled', carrier: lineProtocolStatus === 'up' });
  }
  if (links.size === 0) throw new Error('"show interfaces" was answered without any interface');
  return links;
}
