import { parseIp, parseIpv4, parseIpv6, parseIpv6Prefix, parseMac } from '../../events/index.js';
import type { Route } from '../../src/drivers/bgp/bgp.port.js';
import { renderRoutes, routeFault } from '../../src/drivers/bgp/bird-include.js';
import { commandOf } from '../../src/drivers/switch/linux-commands.js';
import type { NeighbourChange } from '../../src/drivers/switch/switch.port.js';

/** How one driver puts typed values into text, and an independent reading of that text by the grammar of the device. */
export interface Renderer<Value> {
  readonly name: string;
  /** The text, or undefined where the value is refused. */
  render(value: Value): string | undefined;
  /** The value a device would take the text for; undefined for any other text. */
  read(text: string): Value | undefined;
}

const linuxSet =
  /^neigh replace ([0-9a-f:.]+) lladdr ([0-9a-f:]{17}) dev ([A-Za-z0-9._-]{1,15}) nud permanent protocol 155$/;
const linuxDel = /^neigh del ([0-9a-f:.]+) dev ([A-Za-z0-9._-]{1,15})$/;

/** A removal names no MAC: it is put back from the value that was rendered. */
export const neighbourRenderers = (macOfRemoved: string): readonly Renderer<NeighbourChange>[] => [
  {
    name: 'iproute2',
    render: (change) => commandOf(change, 155),
    read(text) {
      const [, address, mac, name] = linuxSet.exec(text) ?? [];
      if (name !== undefined) return neighbour('set', address, mac, name);
      const [, removed, on] = linuxDel.exec(text) ?? [];
      return on === undefined ? undefined : neighbour('remove', removed, macOfRemoved, on);
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
