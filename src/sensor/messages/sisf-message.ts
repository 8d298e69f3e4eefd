import { parseAnyMac, parseIp, parseVlan } from '../../../events/index.js';
import type { Said, SwitchMessage } from './switch-message.js';

const thefts = new Map<string, Said>([
  ['IP_THEFT', 'address-theft'],
  ['MAC_THEFT', 'mac-theft'],
  ['MAC_AND_IP_THEFT', 'mac-and-address-theft'],
]);
const head = /%(SISF-\d-((?:MAC_AND_)?IP_THEFT|MAC_THEFT)): /;
const field = /(?:^| )(New(?:\(Spoof\))? (?:MAC|I\/F|IF)|New|IP|A|VLAN|V|MAC|M|IF|I)=([^ ]{1,64})/g;

/** The two spellings of each field; the first that the text has counts. */
const spellings = {
  ip: ['IP', 'A'],
  vlan: ['VLAN', 'V'],
  mac: ['MAC', 'M'],
  interface: ['IF', 'I'],
  newMac: ['New(Spoof) MAC', 'New MAC'],
  newInterface: ['New I/F', 'New IF', 'New'],
} as const;

/**
 * Device tracking saw an address or a MAC stolen: `IP Theft IP=... VLAN=10 MAC=... IF=Gi1/0/3 New(Spoof) MAC=... New I/F=...`
 * (a real IOS-XE switch), `New MAC=...` on older ones (genieparser). For MAC_THEFT and MAC_AND_IP_THEFT no real sample is at
 * hand: they are made after Cisco's system messages. undefined for every other message.
 */
export function readSisfMessage(text: string): SwitchMessage | undefined {
  const found = head.exec(text);
  const said = thefts.get(found?.[2] ?? '');
  if (found === null || said === undefined) return undefined;
  const fields = new Map<string, string>();
  for (const [, key = '', value = ''] of text.slice(found.index + found[0].length).matchAll(field))
    if (!fields.has(key)) fields.set(key, value.replace(/[,.;]$/, ''));
  const get = (which: keyof typeof spellings): string | undefined =>
    spellings[which].map((key) => fields.get(key)).find((value) => value !== undefined);
  const formerMac = parseAnyMac(get('mac'));
  const mac = parseAnyMac(get('newMac')) ?? (said === 'address-theft' ? undefined : formerMac);
  const address = parseIp(get('ip'));
  const vlan = parseVlan(Number(get('vlan')));
  const [where, formerInterface] = [get('newInterface'), get('interface')];
  return {
    said,
    mnemonic: found[1] ?? '',
    vendor: 'Cisco IOS-XE',
    ...(mac !== undefined && { mac }),
    ...(address !== undefined && { address }),
    ...(where !== undefined && { interface: where }),
    ...(vlan !== undefined && { vlan }),
    ...(formerMac !== undefined && formerMac !== mac && { formerMac }),
    ...(formerInterface !== undefined && { formerInterface }),
  };
}
