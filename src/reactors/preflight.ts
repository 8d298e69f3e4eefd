import { type IpAddress, isLinkLocal } from '../../events/index.js';
import type { BgpPreflight, Fact, InterfaceFacts, SwitchPreflight } from '../drivers/switch/preflight.port.js';

/** What is looked at before a customer is put on an interface; the last two concern the whole box. */
export type PreflightCheckName =
  | 'gateway-link-local'
  | 'no-on-link-prefix'
  | 'no-on-link-advertisement'
  | 'accept-ra'
  | 'no-questions'
  | 'ipv4-gateway'
  | 'same-subnet'
  | 'check-link'
  | 'aggregate';

/** One check and how it ended. `unknown`: the driver cannot see it; that holds nothing back, somebody should look. */
export interface PreflightCheck {
  readonly check: PreflightCheckName;
  /** Undefined where it concerns the whole device. */
  readonly interface?: string;
  /** The routes it concerns where it concerns the whole device. */
  readonly family?: 'ipv4' | 'ipv6';
  readonly result: 'pass' | 'fail' | 'unknown';
  /** What was found, or why nothing can be seen. */
  readonly found: string;
  /** What makes a failed check pass. */
  readonly cure?: string;
}

/** What a site declares of all its gateways. */
export interface SiteRules {
  readonly sameSubnet: 'host-route' | 'proxy-arp';
  readonly aggregates: readonly string[];
}

/** All that the judgement is made from; `switch` and `bgp` are undefined where a driver shows nothing, or is none. */
export interface PreflightFacts {
  readonly interfaces: readonly string[];
  readonly switch: SwitchPreflight | undefined;
  readonly bgp: BgpPreflight | undefined;
  readonly announces: boolean;
  readonly boxAddresses: ReadonlySet<string>;
  readonly interfaceAddresses: (interfaceName: string) => readonly IpAddress[];
  /** The declared addresses of the gateway of an interface; undefined where none was declared. */
  readonly gatewayOf: (interfaceName: string) => readonly IpAddress[] | undefined;
  /** Interfaces that carry an IPv4 address we announce. */
  readonly ipv4: ReadonlySet<string>;
  readonly site: SiteRules;
}

/** Pure. An interface that does not exist is left out: that is for the plan to tell. */
export function judgePreflight(facts: PreflightFacts): PreflightCheck[] {
  return [
    ...facts.interfaces.flatMap((name) => judgeInterface(name, facts)),
    ...judgeCheckLink(facts),
    ...facts.site.aggregates.map((aggregate) => judgeAggregate(aggregate, facts)),
  ];
}

type Verdict = Pick<PreflightCheck, 'result' | 'found' | 'cure'>;
const pass = (found: string): Verdict => ({ result: 'pass', found });
const fail = (found: string, cure: string): Verdict => ({ result: 'fail', found, cure });

/** A verdict on a fact that is known; unknown stays unknown. */
function on<Value>(fact: Fact<Value> | undefined, judge: (value: Value) => Verdict): Verdict {
  if (fact === undefined) return { result: 'unknown', found: 'the driver of this device does not show it' };
  return 'unknown' in fact ? { result: 'unknown', found: fact.unknown } : judge(fact.known);
}

function judgeInterface(name: string, facts: PreflightFacts): PreflightCheck[] {
  const seen = facts.switch?.interfaces.get(name);
  if (facts.switch !== undefined && seen === undefined) return [];
  const verdicts: [PreflightCheckName, Verdict | undefined][] = [
    ['gateway-link-local', linkLocal(name, seen, facts.gatewayOf(name))],
    ['no-on-link-prefix', onLinkPrefix(name, seen)],
    ['no-on-link-advertisement', onLinkAdvertisement(name, seen, facts.bgp)],
    ['accept-ra', acceptRa(name, seen)],
    ['no-questions', questions(seen)],
    ['ipv4-gateway', facts.ipv4.has(name) ? ipv4Gateway(name, seen, facts) : undefined],
    ['same-subnet', facts.site.sameSubnet === 'proxy-arp' ? proxyArp(name, seen) : undefined],
  ];
  return verdicts.flatMap(([check, verdict]) => (verdict === undefined ? [] : { check, interface: name, ...verdict }));
}

function linkLocal(name: string, seen: InterfaceFacts | undefined, gateway: readonly IpAddress[] | undefined): Verdict {
  return on(seen?.linkLocals, (found) => {
    const declared = gateway?.filter((address) => isLinkLocal(address)) ?? [];
    const missing = declared.find((address) => !found.includes(address));
    if (missing === undefined && found.length > 0) return pass(found.join(', '));
    const what = found.length === 0 ? 'no address in fe80::/64' : `only ${found.join(', ')}`;
    return fail(`${what} on ${name}`, `ip address add ${missing ?? 'fe80::1'}/64 dev ${name} nodad`);
  });
}

function onLinkPrefix(name: string, seen: InterfaceFacts | undefined): Verdict {
  return on(seen?.onLinkPrefixes, (prefixes) =>
    prefixes.length === 0
      ? pass('none')
      : fail(
          `${prefixes.join(', ')} is on-link on ${name}: every address of it would be asked for`,
          `remove the address or route from ${name}; the prefix belongs behind the server's link-local`,
        ),
  );
}

/** BIRD advertises the prefixes that the interface has: where there is none, it announces none. */
function onLinkAdvertisement(name: string, seen: InterfaceFacts | undefined, bgp: BgpPreflight | undefined): Verdict {
  return on(seen?.advertisedOnLink, (byPrograms) => {
    const byDaemon = bgp?.advertisedOnLink.get(name) ?? { known: [] };
    return on(byDaemon, (protocols) => {
      const prefixes = seen?.onLinkPrefixes;
      const hasPrefix = prefixes !== undefined && 'known' in prefixes && prefixes.known.length > 0;
      const found = [...byPrograms, ...(hasPrefix ? protocols : [])];
      if (found.length === 0) return pass('nothing is announced on-link');
      return fail(
        found.join('; '),
        'turn the on-link flag off (radvd: AdvOnLink off; BIRD: prefix ::/0 { onlink no; })',
      );
    });
  });
}

function acceptRa(name: string, seen: InterfaceFacts | undefined): Verdict {
  return on(seen?.acceptRa, (value) =>
    value === 0
      ? pass('accept_ra is 0')
      : fail(
          `accept_ra is ${value}: a customer could give this box routes`,
          `sysctl -w net.ipv6.conf.${name}.accept_ra=0`,
        ),
  );
}

function questions(seen: InterfaceFacts | undefined): Verdict {
  return on(seen?.solicits, (solicits) => {
    const asking = solicits.filter(({ count }) => count > 0);
    if (asking.length === 0) return pass('the device never asks there');
    return on(seen?.questionsDropped, (dropped) => {
      const left = asking.filter(({ family }) => !dropped.some((one) => one.family === family));
      if (left.length === 0) return pass(`dropped by ${dropped.map(({ by }) => by).join(' and ')}`);
      const cure = left.map(({ setting }) => `sysctl -w ${setting.replaceAll('/', '.')}=0`).join('; ');
      return fail(left.map(({ setting, count }) => `${setting} is ${count}`).join(', '), cure);
    });
  });
}

function ipv4Gateway(
  name: string,
  seen: InterfaceFacts | undefined,
  { gatewayOf, boxAddresses, interfaceAddresses }: PreflightFacts,
): Verdict {
  const declared = gatewayOf(name);
  const addresses = declared?.filter((address) => !address.includes(':'));
  if (addresses === undefined || addresses.length === 0) {
    const what = declared === undefined ? 'no gateway was declared' : 'the gateway declared has no IPv4 address';
    return { result: 'unknown', found: `${what}, so nobody knows what the servers ask for; publish GatewayDeclared` };
  }
  const missing = addresses.find((address) => !boxAddresses.has(address));
  if (missing !== undefined)
    return fail(`gateway ${missing} is nowhere on the box`, `ip address add ${missing}/32 dev lo`);
  return on(seen?.arpSilence, ({ here, elsewhere }) => {
    const local = interfaceAddresses(name);
    for (const address of addresses) {
      const silence = local.includes(address) ? here : elsewhere;
      if (silence === undefined) continue;
      const cure = `ip link set ${name} arp on; sysctl -w net.ipv4.conf.all.arp_ignore=0 net.ipv4.conf.${name}.arp_ignore=0`;
      return fail(`nobody answers for ${address} on ${name}: ${silence}`, cure);
    }
    return pass(`${addresses.join(', ')} is answered for`);
  });
}

function proxyArp(name: string, seen: InterfaceFacts | undefined): Verdict {
  return on(seen?.proxyArp, (answers) =>
    answers
      ? pass('proxy_arp is on, as the site declares')
      : fail(
          'proxy_arp is off, and the site declares that neighbours of one subnet talk by it',
          `sysctl -w net.ipv4.conf.${name}.proxy_arp=1`,
        ),
  );
}

function judgeCheckLink({ announces, bgp }: PreflightFacts): PreflightCheck[] {
  if (!announces) return [];
  const protocols = bgp?.checkLink ?? [
    { family: 'ipv4' as const, where: 'the daemon', checks: undefined },
    { family: 'ipv6' as const, where: 'the daemon', checks: undefined },
  ];
  return protocols.map(({ family, where, checks }) => ({
    check: 'check-link',
    family,
    ...on(checks, (value) =>
      value
        ? pass(`${where} checks the link`)
        : fail(
            `${where} lacks "check link yes;": its routes would stay announced when a link is lost`,
            'add the line  check link yes;  to the protocol and run "birdc configure"',
          ),
    ),
  }));
}

function judgeAggregate(aggregate: string, { switch: seen }: PreflightFacts): PreflightCheck {
  const verdict = on(seen?.refusedDestinations, (refused) =>
    refused.has(aggregate)
      ? pass(`${aggregate} ends here when nothing longer matches`)
      : fail(
          `no unreachable or blackhole route for ${aggregate}: what is withdrawn from it would loop with the upstream`,
          `add  route ${aggregate} unreachable;  to a static protocol of BIRD, or: ip route add unreachable ${aggregate}`,
        ),
  );
  return { check: 'aggregate', family: aggregate.includes(':') ? 'ipv6' : 'ipv4', ...verdict };
}
