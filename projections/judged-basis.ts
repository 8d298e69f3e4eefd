import type { Expected, Former, LinkState } from './rules/rule.js';
import type { Trace } from './rules/rule-memory.js';

/**
 * What a violation's `basis` says the judge looked up, to be read by people: nothing here is trusted to have a form, as
 * it was written by whatever version judged then. A look-up that is not there has no answer.
 */
export class JudgedBasis {
  private readonly lookUps: readonly (readonly unknown[])[];

  constructor(basis: string) {
    this.lookUps = parsed(basis);
  }

  /** Who was sold the address then. */
  owner(address: string | undefined): Partial<Expected> | undefined {
    return record(this.answer('ownerOfAddress', address));
  }

  /** The first server that billing had with this MAC then. */
  ownerOfMac(mac: string): Partial<Expected> | undefined {
    return list(this.answer('ownersOfMac', mac)).map(record)[0];
  }

  /** The latest that had the MAC, or the IPv4 address, before. */
  formerOf(question: 'formerOwnersOfMac' | 'formerOwnersOfAddress', asked: string): Partial<Former> | undefined {
    return list(this.answer(question, asked)).map(record)[0];
  }

  /** The servers billing had at the place then: on its port, or in its VLAN where the port is not known. */
  here(port: string | undefined): Partial<Expected>[] {
    const inVlan = this.lookUps.filter(([question]) => question === 'expectedOn').map(([, , answer]) => answer);
    const all = [...inVlan, ...list(this.answer('expectedOnPort', port))];
    const servers = all.flatMap((one) => record<Expected>(one) ?? []);
    return port === undefined ? servers : servers.filter((one) => one.port === port);
  }

  linkOf(port: string | undefined): Partial<LinkState> | undefined {
    return record(this.answer('linkOf', port));
  }

  /** True where the judge was told that something is the gateway's; `asked` is the last thing it asked with. */
  isGateways(question: 'isGatewayAddress' | 'isGatewayMac', asked: string | undefined): boolean {
    return this.lookUps.some(
      ([name, words, answer]) => name === question && list(words).at(-1) === asked && answer === true,
    );
  }

  /** What the rule remembered of earlier frames: the last that it read. */
  remembered(): Partial<Trace> | undefined {
    return record(this.lookUps.filter(([name]) => name === 'remembered').at(-1)?.[2]);
  }

  private answer(question: string, asked: string | undefined): unknown {
    return this.lookUps.find(([name, words]) => name === question && list(words)[0] === asked)?.[2];
  }
}

function parsed(basis: string): readonly (readonly unknown[])[] {
  try {
    return list(JSON.parse(basis)).filter((one): one is readonly unknown[] => Array.isArray(one));
  } catch {
    return [];
  }
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function record<Fields>(value: unknown): Partial<Fields> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}
