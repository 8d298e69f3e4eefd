import { isLinkLocal, type IpAddress, parseIp } from '../../../events/index.js';
import type { IpAnswer, IpCoprocess } from '../../transports/ip-coprocess.js';
import { IpError } from '../../transports/ip-error.js';
import type { NetworkNamespace } from '../../transports/network-namespace.js';
import { readInside, runInside } from '../../transports/run-inside.js';
import { announcedOnLink, rawIcmpv6Inodes, readAnnouncers } from './linux-announcers.js';
import { droppedQuestions } from './packet-filter.js';
import type { Fact, InterfaceFacts, Solicit, SwitchPreflight } from './preflight.port.js';

interface Row {
  readonly [key: string]: unknown;
}
const rowsOf = (json: unknown): Row[] =>
  Array.isArray(json) ? json.filter((row): row is Row => typeof row === 'object' && row !== null) : [];
/** The routes of the main table; of the others `ip` tells the table. */
const mainRoutes = (json: unknown): Row[] =>
  rowsOf(json).filter(({ table }) => table === undefined || table === 'main' || table === 254);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Not BIRD's: there may be very many of them, and none of ours is on-link. */
const onLinkReads = ['kernel', 'boot', 'static', 'ra'].map((protocol) => `route show table all proto ${protocol}`);
const refusals = ['unreachable', 'blackhole', 'prohibit'];
const refusedReads = refusals.map((type) => `route show table all type ${type}`);

const sysctl = (path: string): string => `/proc/sys/${path}`;
const raw6 = '/proc/net/raw6';
const solicitKinds = ['mcast_solicit', 'ucast_solicit', 'app_solicit'];
const solicitsOf = (name: string): { family: Solicit['family']; setting: string }[] =>
  (['ipv4', 'ipv6'] as const).flatMap((family) =>
    solicitKinds.map((kind) => ({ family, setting: `net/${family}/neigh/${name}/${kind}` })),
  );

/** Reads from the kernel of one Linux box, and changes nothing. `deadline` in ms bounds each question. */
export async function readLinuxPreflight(
  namespace: NetworkNamespace,
  ip: Pick<IpCoprocess, 'run'>,
  interfaces: readonly string[],
  deadline: number,
): Promise<SwitchPreflight> {
  const settings = interfaces.flatMap((name) => [
    `net/ipv6/conf/${name}/accept_ra`,
    `net/ipv4/conf/${name}/arp_ignore`,
    `net/ipv4/conf/${name}/proxy_arp`,
    ...solicitsOf(name).map(({ setting }) => setting),
  ]);
  const everywhere = ['net/ipv4/conf/all/arp_ignore', 'net/ipv4/conf/all/proxy_arp'];
  const [answers, files] = await Promise.all([
    ip.run(['addr show', ...onLinkReads, ...refusedReads]),
    readInside(namespace, [raw6, ...[...everywhere, ...settings].map(sysctl)], deadline),
  ]);
  const [addresses, ...routes] = answers;
  const onLink = routes.slice(0, onLinkReads.length);
  const refused = routes.slice(onLinkReads.length);
  const number = (path: string): number | undefined => {
    const text = files.get(sysctl(path))?.trim();
    return text === undefined || !/^-?\d+$/.test(text) ? undefined : Number(text);
  };
  const boxes = rowsOf(addresses?.json);
  const asking = interfaces.some((name) => solicitsOf(name).some(({ setting }) => (number(setting) ?? 0) > 0));
  const filter = asking ? await readFilter(namespace, deadline) : { known: undefined };
  const table = files.get(raw6);
  const announcers =
    table === undefined
      ? { unknown: `${raw6} cannot be read, so nobody knows which programs may send router advertisements` }
      : await readAnnouncers(rawIcmpv6Inodes(table));
  const facts = new Map<string, InterfaceFacts>();
  for (const name of interfaces) {
    const box = boxes.find((row) => row['ifname'] === name);
    if (box === undefined) continue;
    const solicits = solicitsOf(name).map((one) => ({ ...one, count: number(one.setting) }));
    facts.set(name, {
      linkLocals: { known: addressesOf(box).filter((address) => isLinkLocal(address)) },
      onLinkPrefixes: onLinkPrefixes(name, box, onLink),
      advertisedOnLink: announcedOnLink(announcers, name),
      acceptRa: known(number(`net/ipv6/conf/${name}/accept_ra`), `net/ipv6/conf/${name}/accept_ra`),
      solicits: solicits.every((one): one is Solicit => one.count !== undefined)
        ? { known: solicits }
        : unreadable(solicits.find(({ count }) => count === undefined)?.setting ?? ''),
      questionsDropped: 'unknown' in filter ? filter : { known: droppedQuestions(filter.known, name) },
      arpSilence: arpSilence(box, number('net/ipv4/conf/all/arp_ignore'), number(`net/ipv4/conf/${name}/arp_ignore`)),
      proxyArp: proxyArp(number('net/ipv4/conf/all/proxy_arp'), number(`net/ipv4/conf/${name}/proxy_arp`)),
    });
  }
  return { interfaces: facts, refusedDestinations: refusedDestinations(refused) };
}

async function readFilter(namespace: NetworkNamespace, deadline: number): Promise<Fact<unknown>> {
  try {
    const { stdout, code } = await runInside(namespace, 'nft', ['-j', 'list', 'ruleset'], deadline);
    return code === 0
      ? { known: JSON.parse(stdout) as unknown }
      : { unknown: 'nft cannot list the packet filter; run as root' };
  } catch (error) {
    if (!(error instanceof IpError || error instanceof SyntaxError)) throw error;
    return { unknown: `the packet filter cannot be read (${error.message})` };
  }
}

const addressesOf = (box: Row): IpAddress[] => rowsOf(box['addr_info']).flatMap((info) => parseIp(info['local']) ?? []);

const isGlobal6 = (destination: string): boolean =>
  destination.includes(':') && !/^(fe[89ab]|ff)/i.test(destination) && !destination.endsWith('/128');

/** From the addresses too: while the link is down their routes are not there. */
function onLinkPrefixes(name: string, box: Row, answers: readonly IpAnswer[]): Fact<readonly string[]> {
  const failed = answers.find(({ error }) => error !== undefined);
  if (failed !== undefined) return { unknown: `the routes cannot be read: ${failed.error}` };
  const fromRoutes = answers.flatMap(({ json }) =>
    mainRoutes(json).flatMap((row) => {
      const direct = row['dev'] === name && !('gateway' in row) && !('via' in row) && !('type' in row);
      const destination = textOf(row['dst']);
      return direct && destination.includes('/') ? [destination] : [];
    }),
  );
  const fromAddresses = rowsOf(box['addr_info']).flatMap((info) => {
    const bits = Number(info['prefixlen']);
    return info['family'] === 'inet6' && info['noprefixroute'] !== true ? [`${textOf(info['local'])}/${bits}`] : [];
  });
  const routed = fromRoutes.filter(isGlobal6);
  return { known: [...new Set(routed.length > 0 ? routed : fromAddresses.filter(isGlobal6))] };
}

function refusedDestinations(answers: readonly IpAnswer[]): Fact<ReadonlySet<string>> {
  const failed = answers.find(({ error }) => error !== undefined);
  if (failed !== undefined) return { unknown: `the routes cannot be read: ${failed.error}` };
  return {
    known: new Set(answers.flatMap(({ json }) => mainRoutes(json).map((row) => fullDestination(textOf(row['dst']))))),
  };
}

const fullDestination = (text: string): string =>
  text.includes('/') || text === 'default' ? text : `${text}/${text.includes(':') ? 128 : 32}`;

/** Linux takes the larger of the two numbers: 1 and 2 answer only for addresses of the interface itself, 8 for none. */
function arpSilence(box: Row, everywhere: number | undefined, here: number | undefined): InterfaceFacts['arpSilence'] {
  const flags = Array.isArray(box['flags']) ? box['flags'] : [];
  if (flags.includes('NOARP')) return { known: { here: 'ARP is off there', elsewhere: 'ARP is off there' } };
  if (everywhere === undefined || here === undefined) return unreadable('net/ipv4/conf/*/arp_ignore');
  const ignore = Math.max(everywhere, here);
  const why = `arp_ignore is ${ignore}`;
  return {
    known: {
      here: ignore === 8 || ignore === 2 ? why : undefined,
      elsewhere: ignore === 0 || ignore === 3 ? undefined : why,
    },
  };
}

const proxyArp = (everywhere: number | undefined, here: number | undefined): Fact<boolean> =>
  everywhere === undefined || here === undefined
    ? unreadable('net/ipv4/conf/*/proxy_arp')
    : { known: everywhere > 0 || here > 0 };

const known = (value: number | undefined, setting: string): Fact<number> =>
  value === undefined ? unreadable(setting) : { known: value };

const unreadable = (setting: string): { readonly unknown: string } => ({
  unknown: `/proc/sys/${setting} cannot be read`,
});
