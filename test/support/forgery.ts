import { instantOf } from './history.js';

/** A forged ARP reply of minute 1, as the judge says it. */
export const forgery = {
  rule: 'address-spoof',
  ruleVersion: 1,
  severity: 'high',
  sensor: 'e66',
  attribution: 'interface',
  site: 'default',
  switch: 'leaf1',
  port: 'leaf1:Ethernet66',
  observation: 'arp-reply',
  etherSource: '52:54:00:00:00:66',
  claimedMac: '52:54:00:00:00:66',
  claimedAddress: '198.51.100.16',
  frameTime: instantOf(1),
  offenderServerId: 'srv-66',
  offenderCustomerId: 'cust-66',
  victimServerId: 'srv-16',
  victimCustomerId: 'cust-16',
  detail: 'claims what it was not sold',
  tentative: false,
  basis: '[]',
} as const;
