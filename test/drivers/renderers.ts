import { parseIp, parseIpv4, parseIpv6, parseIpv6Prefix, parseMac } from '../../events/index.js';
import type { Route } from '../../src/drivers/bgp/bgp.port.js';
import { renderRoutes, routeFault } from '../../src/drivers/bgp/bird-include.js';
import { eosLineOf } from '../../src/drivers/switch/eos-lines.js';
import { iosLineOf } from '../../src/drivers/switch/ios-lines.js';
import { lineOf } from '../../src/drivers/switch/neighbour-file.js';
import { commandOf } from '../../src/drivers/switch/linux-commands.js';
import type { NeighbourChange } from '../../src/drivers/switch/switch.port.js';

/** How one driver puts typed values into text, and an independent reading of that text by the grammar of the device. */
export interface Renderer<Value> {
  readonly name: string;
  /** How such a device names the interface of a VLAN. */
  readonly interfacePattern: string;
  /** The text, or undefined where the value is refused. */
  render(value: Value): string | undefined;
  /** The value a device would take the text for, what the grammar leaves unsaid as it was given; undefined for any other text. */
  read(text: string, given: Value): Value | undefined;
}

const linuxSet =
  /^neigh replace ([0-9a-f:.]+) lladdr ([0-9a-f:]{17}) dev ([A-Za-z0-9._-]{1,15}) nud permanent protocol 155$/;
const linuxDel = /^neigh del ([0-9a-f:.]+) dev ([A-Za-z0-9._-]{1,15})$/;

const eosArp = /^(no )?arp ([0-9.]+)(?: ([0-9a-f.]{14}) arpa)?$/;
const eosNeighbor = /^(no )?ipv6 neighbor ([0-9a-f:]+) ([A-Z][A-Za-z0-9./-]{0,50})(?: ([0-9a-f.]{14}))?$/;
const iosArp = /^(no )?arp ([0-9.]+) ([0-9a-f.]{14}) ARPA$/;
const iosNeighbor = /^(no )?ipv6 neighbor ([0-9A-F:]+) ([A-Z][A-Za-z-]{1,31}[0-9./:]{1,30}) ([0-9a-f.]{14})$/;
const fileLine = /^neighbour ([0-9a-f:.]+) ([A-Za-z0-9][A-Za-z0-9._:/-]{0,63}) ([0-9a-f:]{17})$/;
const dotted = /^([0-9a-f]{2})([0-9a-f]{2})\.([0-9a-f]{2})([0-9a-f]{2})\.([0-9a-f]{2})([0-9a-f]{2})$/;
const colons = (text: string | undefined): string | undefined =>
  dotted
    .exec(text ?? '')
    ?.slice(1)
    .join(':');

export const neighbourRenderers: readonly Renderer<NeighbourChange>[] = [
  {
    name: 'iproute2',
    interfacePattern: 'vlan{vlan}',
    render: (change) => commandOf(change, 155),
    read(text, { entry }) {
      const [, address, mac, name] = linuxSet.exec(text) ?? [];
      if (name !== undefined) return neighbour('set', address, mac, name);
      const [, removed, on] = linuxDel.exec(text) ?? [];
      return on === undefined ? undefined : neighbour('remove', removed, entry.mac, on);
    },
  },
  {
    name: 'EOS',
    interfacePattern: 'Vlan{vlan}',
    render: (change) => eosLineOf(change, undefined),
    read(text, { entry }) {
      const [, noArp, ipv4, arpMac] = eosArp.exec(text) ?? [];
      const [, noNeighbor, ipv6, name, mac] = eosNeighbor.exec(text) ?? [];
      const [no, address] = ipv4 === undefined ? [noNeighbor, ipv6] : [noArp, ipv4];
      const said = colons(ipv4 === undefined ? mac : arpMac);
      if ((said === undefined) !== (no !== undefined)) return undefined;
      return neighbour(no === undefined ? 'set' : 'remove', address, said ?? entry.mac, name ?? entry.interface);
    },
  },
  {
    name: 'IOS',
    interfacePattern: 'Vlan{vlan}',
    render: (change) => iosLineOf(change, undefined),
    read(text, { entry }) {
      const [, noArp, ipv4, arpMac] = iosArp.exec(text) ?? [];
      const [, noNeighbor, ipv6, name, mac] = iosNeighbor.exec(text) ?? [];
      const [no, address] = ipv4 === undefined ? [noNeighbor, ipv6?.toLowerCase()] : [noArp, ipv4];
      const said = colons(ipv4 === undefined ? mac : arpMac);
      return neighbour(no === undefined ? 'set' : 'remove', address, said, name ?? entry.interface);
    },
  },
  {
    name: 'a file',
    interfacePattern: 'vlan{vlan}',
    // Its lines are what is there: a removal is a line that is not.
    render: ({ entry }) => lineOf(entry, undefined),
    read(text, { change }) {
      const [, address, name, mac] = fileLine.exec(text) ?? [];
      return name === undefined ? undefined : neighbour(change, address, mac, name);
    },
  },
];

function neighbour(
  change: NeighbourChange['change'],
  addressText: string | undefined,
  macText: string | undefined,
  interfaceName: string,
): NeighbourChange | undefined {
  const [address, mac] = [parseIp(addressText), parseMac(macText)];
  if (address === undefined || mac === undefined || address !== addressText) return undefined;
  return { change, entry: { interface: interfaceName, address, mac } };
}

const bird6 =
  /^route ([0-9a-f:]+\/\d{1,3}) via (fe80:[0-9a-f:]+)%(?:([A-Za-z][A-Za-z0-9_]*)|'([A-Za-z0-9._-]{1,15})') \{ bgp_med = (\d{1,10}); \};\n$/;
const bird4 = /^route ([0-9.]+)\/32 via "([A-Za-z0-9._-]{1,15})" \{ bgp_med = (\d{1,10}); \};\n$/;

export const routeRenderers: readonly Renderer<Route>[] = [
  {
    name: 'BIRD',
    interfacePattern: 'vlan{vlan}',
    render: (route) => (routeFault(route) === undefined ? renderRoutes([route]) : undefined),
    read(text) {
      const [, destination, via, symbol, quoted, med6] = bird6.exec(text) ?? [];
      const [prefix, nextHop, name6] = [parseIpv6Prefix(destination), parseIpv6(via), symbol ?? quoted];
      if (prefix !== undefined && nextHop !== undefined && name6 !== undefined)
        return { family: 'ipv6', prefix, nextHop, interface: name6, med: Number(med6) };
      const [, host, name4, med4] = bird4.exec(text) ?? [];
      const address = parseIpv4(host);
      if (address === undefined || name4 === undefined) return undefined;
      return { family: 'ipv4', address, interface: name4, med: Number(med4) };
    },
  },
];
