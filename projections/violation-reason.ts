import { formatInstant, type ViolationDetected } from '../events/index.js';
import { JudgedBasis } from './judged-basis.js';
import { portIsFact } from './rules/attribution.js';
import type { Expected } from './rules/rule.js';

/** What of a detection its reason is told from. */
export type Reasoned = Omit<ViolationDetected, 'violationId' | 'severity' | 'ruleVersion' | 'sensor' | 'frameTime'>;

/**
 * One sentence that says in plain words what was heard and what billing sold, as the judge knew it then: told from the
 * violation and its `basis`. Where the basis has not what the sentence needs, it says less; of a rule nobody knows any
 * more it is the violation's own `detail`. Names are as they were stored: escape them where they are shown.
 */
export function reasonOf(violation: Reasoned): string {
  const tell = reasons[violation.rule];
  return tell === undefined ? violation.detail : tell(new Words(violation));
}

type Tell = (words: Words) => string;

/** The words that several sentences are made of. */
class Words {
  readonly basis: JudgedBasis;
  readonly mac: string;
  readonly from: string;
  readonly address: string;

  constructor(readonly it: Reasoned) {
    this.basis = new JudgedBasis(it.basis);
    this.mac = it.claimedMac;
    this.from = it.etherSource;
    this.address = it.claimedAddress ?? 'no address';
  }

  /** Where it was heard: a port is named as fact only where the capture proves it. */
  get place(): string {
    const { port, vlan, switch: switchName } = this.it;
    if (port !== undefined && portIsFact(this.it)) return `port ${port}`;
    const onVlan = vlan === undefined ? '' : `, VLAN ${vlan}`;
    return `${switchName}${onVlan}${port === undefined ? '' : `, perhaps port ${port}`}`;
  }

  /** Who was sold the place, where that is known. */
  get sender(): string {
    const { offenderServerId: server, offenderCustomerId: customer } = this.it;
    return server === undefined ? '' : ` (sold to ${named({ serverId: server, customerId: customer })})`;
  }

  get seconds(): number {
    return (this.it.trafficWindowMs ?? 0) / 1000;
  }
}

const router = 'only the gateway may send one, and servers that believe it send their traffic elsewhere';

const reasons: Readonly<Record<string, Tell>> = {
  'rogue-router-advertisement': ({ from, place, sender }) =>
    `A router advertisement came from ${from} on ${place}${sender}: ${router}.`,
  'rogue-redirect': ({ from, place, sender }) => `A redirect came from ${from} on ${place}${sender}: ${router}.`,
  'gateway-impersonation': ({ basis, it, mac, address, place, sender }) =>
    basis.isGateways('isGatewayAddress', it.claimedAddress)
      ? `${address} is an address of the gateway, and ${mac} on ${place}${sender} said that it has it.`
      : `A frame with the gateway's own MAC came in on ${place}${sender}, where the gateway is not.`,
  'dad-attack': ({ basis, mac, address, place, sender }) => {
    const asker = basis.remembered()?.mac;
    const owner = basis.owner(address);
    const sold = owner === undefined ? '' : `, which billing sold to ${named(owner)}`;
    return `${asker ?? 'A server'} asked whether ${address} is free${sold}, and ${mac} on ${place}${sender} answered: who asked may not use it.`;
  },
  'address-spoof': ({ basis, it, mac, address, place, sender }) => {
    const owner = basis.owner(it.claimedAddress) ?? { serverId: it.victimServerId, customerId: it.victimCustomerId };
    const verb = it.tentative ? 'asks to use it' : 'claims it';
    return `Billing sold ${address} to ${named(owner)}${homeOf(owner)}, and ${mac} on ${place}${sender} ${verb}.`;
  },
  'neighbour-exhaustion': ({ it, place, sender, seconds }) =>
    it.said !== undefined
      ? `The switch itself says that ${place}${sender} sends more than its limit.`
      : `In ${seconds} s ${place}${sender} claimed ${it.claimedAddresses ?? 0} addresses with ${it.sources ?? 0} MACs, which no server needs and which fills the neighbour tables of those around it.`,
  'mac-flapping': ({ basis, from, place }) => {
    const owner = basis.ownerOfMac(from);
    const home = owner?.port === undefined ? '' : `; billing has it on ${owner.port} for ${named(owner)}`;
    return `${from} was heard on different ports in turns, last on ${place}${home}.`;
  },
  'mac-moved': ({ basis, from, place, sender }) => {
    const owner = basis.ownerOfMac(from);
    return `Billing has ${from} on ${owner?.port ?? 'another port'} for ${named(owner)}, and it was heard on ${place}${sender}.`;
  },
  'cancelled-server-alive': ({ basis, it, mac, from, place }) => {
    const former = basis.formerOf('formerOwnersOfMac', from) ?? basis.formerOf('formerOwnersOfMac', mac);
    return `${it.claimedMac} belonged to ${named(former?.server)}, which billing removed${on(former?.endedAt)}, and it still sends on ${place}.`;
  },
  'vlan-mismatch': ({ basis, it, from, place }) => {
    const vlans = [...new Set(basis.here(it.port).map(({ vlan }) => vlan))].join(', ');
    const tags = it.tags ?? [];
    const with_ = tags.length > 1 ? `stacks the VLAN tags ${tags.join(', ')}` : `speaks in VLAN ${it.vlan ?? '?'}`;
    return `Billing sold ${place} with VLAN ${vlans || 'another'}, and ${from} there ${with_}.`;
  },
  'unsold-port-alive': ({ from, place }) => `Billing sold ${place} to nobody, and ${from} sends on it.`,
  'source-inconsistent': ({ from, mac, place, sender }) =>
    `A frame came from ${from} on ${place}${sender} and claims for ${mac}: who speaks for itself names its own MAC in both places.`,
  'duplicate-address': ({ basis, it, mac, address, place, sender }) => {
    const owner = basis.owner(it.claimedAddress);
    const sold = owner === undefined ? '' : `; billing sold it to ${named(owner)}`;
    return it.said !== undefined
      ? `The switch itself says that ${mac} on ${place}${sender} uses ${address}, which another MAC has${sold}.`
      : `${address} is used by ${mac} on ${place}${sender} and by another MAC in turns${sold}.`;
  },
  'probable-nic-swap': ({ basis, it, mac, place }) => {
    const since = basis.linkOf(it.port)?.since;
    const [here] = basis.here(it.port);
    const old = here?.mac === undefined ? 'the MAC that billing knows' : `${here.mac}, which billing knows,`;
    return `The link of ${place} came back${on(since)}, and since then ${mac} speaks there and ${old} does not: probably a new card of which billing was not told.`;
  },
  'unknown-mac': ({ basis, it, mac, from, place, sender }) => {
    const unknown = [from, mac].find((one) => basis.ownerOfMac(one) === undefined) ?? from;
    const [here] = basis.here(it.port);
    const instead = here?.mac === undefined ? '' : `; it has ${here.mac} there`;
    return `Billing knows no server with the MAC ${unknown}, which was heard on ${place}${sender}${instead}.`;
  },
  'mac-mismatch': ({ basis, it, mac, from, place }) => {
    const owner = basis.owner(it.claimedAddress);
    const beside = owner?.mac !== undefined && owner.otherMacs?.some((one) => one === mac);
    if (beside) return `Billing binds ${it.claimedAddress} to ${owner.mac}, and ${mac} on ${place} claims it.`;
    const bound = basis.here(it.port).flatMap((one) => one.mac ?? []);
    const wrong = [from, mac].find((one) => !bound.some((known) => known === one)) ?? from;
    return `Billing binds ${place} to ${bound.join(', ') || 'another MAC'}, and ${wrong} speaks there.`;
  },
  'unpaid-ipv4-in-use': ({ basis, mac, address, place, sender }) => {
    const former = basis.formerOf('formerOwnersOfAddress', address);
    return `${named(former?.server)} gave ${address} back${on(former?.endedAt)}, nobody has bought it since, and ${mac} on ${place}${sender} uses it.`;
  },
  'unassigned-address': ({ mac, address, place, sender }) =>
    `Billing sold ${address} to nobody, and ${mac} on ${place}${sender} claims it.`,
  'neighbour-scan': ({ it, place, sender, seconds }) =>
    `In ${seconds} s ${place}${sender} asked for ${it.askedAddresses ?? 0} addresses: a server talks to a few neighbours, who asks for all of them is looking for them.`,
};

/** The rules whose violations have a sentence of their own. */
export const reasonedRules = Object.keys(reasons);

function named(server: Partial<Expected> | undefined): string {
  if (server?.serverId === undefined) return 'a server that is not known';
  return server.customerId === undefined ? server.serverId : `${server.serverId} of ${server.customerId}`;
}

function homeOf({ port, mac }: Partial<Expected>): string {
  if (port === undefined) return '';
  return mac === undefined ? `, which is on ${port}` : `, which is on ${port} with ${mac}`;
}

const on = (instant: number | undefined): string => (instant === undefined ? '' : ` at ${formatInstant(instant)}`);
