/** A technique of MITRE ATT&CK (v15) that a rule is evidence of. */
export interface Technique {
  readonly id: string;
  readonly name: string;
  readonly subtechnique?: { readonly id: string; readonly name: string };
}

const adversaryInTheMiddle = { id: 'T1557', name: 'Adversary-in-the-Middle' };
const poisoning = { ...adversaryInTheMiddle, subtechnique: { id: 'T1557.002', name: 'ARP Cache Poisoning' } };

/** A forged claim is what T1557.002 describes; a rule that is not here says more of billing than of an attack. */
const techniques: Readonly<Record<string, Technique>> = {
  'address-spoof': poisoning,
  'gateway-impersonation': poisoning,
  'mac-mismatch': poisoning,
  'duplicate-address': poisoning,
  'source-inconsistent': poisoning,
  'unassigned-address': poisoning,
  'rogue-router-advertisement': adversaryInTheMiddle,
  'rogue-redirect': adversaryInTheMiddle,
  'neighbour-scan': { id: 'T1018', name: 'Remote System Discovery' },
  'neighbour-exhaustion': { id: 'T1499', name: 'Endpoint Denial of Service' },
  'dad-attack': { id: 'T1499', name: 'Endpoint Denial of Service' },
};

export function techniqueOf(rule: string): Technique | undefined {
  return Object.hasOwn(techniques, rule) ? techniques[rule] : undefined;
}
