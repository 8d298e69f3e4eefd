import { randomBytes } from 'node:crypto';
import type { AlertedViolation, AlertItem, AlertMessage } from '../../../src/drivers/alert/alert.port.js';

/** A violation whose texts try to be more than text. */
export const violation: AlertedViolation = {
  ...{ violationId: 'v-1', state: 'new', rule: 'address-spoof', ruleVersion: 3, severity: 'high' },
  detail: 'srv-66 claims 198.51.100.16, sold to srv-16 | a=b \\ "quoted" <b>bold</b> \u202eetoved é',
  ...{ site: 'ams1', switch: 'leaf1', port: 'leaf1:Ethernet66', vlan: 66, sensor: 'leaf1-e66' },
  ...{ attribution: 'interface', observation: 'arp-reply', etherSource: '52:54:00:00:00:66' },
  ...{ claimedMac: '52:54:00:00:00:6a', claimedAddress: '198.51.100.16', count: 12 },
  offender: { serverId: 'srv-66', customerId: 'cust-66' },
  victim: { serverId: 'srv-16', customerId: 'cust-16' },
  firstSeen: '2026-11-02T03:14:00.000Z',
  lastSeen: '2026-11-02T03:15:00.000Z',
  url: 'https://portledger.example/console/violations/v-1',
};

export const item: AlertItem = {
  kind: 'violation.new',
  at: '2026-11-02T03:14:01.000Z',
  text: violation.detail,
  violation,
};

export function messageOf(count = 1, more: Partial<AlertItem> = {}): AlertMessage {
  const shown = Math.min(100, count);
  const items = Array.from({ length: shown }, () => ({ ...item, ...more })) as [AlertItem, ...AlertItem[]];
  const kind = items[0].kind;
  return {
    id: '2f1c9a54-7c51-5b0e-9a10-0b6f5d3e8c11',
    count,
    items,
    byKind: { [kind]: count },
    bySeverity: items[0].violation === undefined ? {} : { high: count },
  };
}

/** A new secret, as a file holds it. */
export function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}
