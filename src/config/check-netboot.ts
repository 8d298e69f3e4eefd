import { anyPrefixContains, type Ipv4Prefix, overlapsIpv4, parseIpv4Prefix } from '../../events/index.js';
import type { AppConfig, DeviceConfig } from './app-config.js';
import { type ShapeProblem, showValue } from './shape.js';

interface Use {
  readonly prefix: Ipv4Prefix;
  readonly what: string;
}

/** Prefixes to start machines from that cannot be: without DHCPv4, used for something else, or not one for one switch. */
export function netbootProblems(config: AppConfig): ShapeProblem[] {
  const named = config.gateways.flatMap(({ switch: switchName, devices }, g) =>
    devices.flatMap((device, d) => {
      const prefix = parseIpv4Prefix(device.dhcp?.netboot);
      const pointer = `/gateways/${g}/devices/${d}/dhcp/netboot`;
      return prefix === undefined ? [] : [{ prefix, device, switchName, pointer }];
    }),
  );
  const aggregates = config.sites.flatMap(({ name, aggregates: all }) =>
    all.flatMap((text): Use[] => {
      const prefix = parseIpv4Prefix(text);
      return prefix === undefined ? [] : [{ prefix, what: `an aggregate of site ${name}` }];
    }),
  );
  return named.flatMap(({ prefix, device, switchName, pointer }, index) => {
    const problem = (found: string, expected: string): ShapeProblem => ({ pointer, found, expected });
    const before = named.slice(0, index);
    const sibling = before.find((one) => one.switchName === switchName && one.prefix !== prefix);
    const others = before.filter((one) => one.switchName !== switchName);
    const uses = [...aggregates, ...others.map((one) => ({ prefix: one.prefix, what: `switch ${one.switchName}` }))];
    const use = uses.find((one) => overlapsIpv4(one.prefix, prefix));
    const inside = addressesOf(config).find(({ address }) => anyPrefixContains(prefix, address));
    return [
      ...(device.dhcp?.socket4 === undefined
        ? [problem('netboot without socket4', 'a socket4: machines are started over DHCPv4')]
        : []),
      ...(sibling === undefined
        ? []
        : [problem(showValue(prefix), `${sibling.prefix}, as ${sibling.device.name} of the same switch has`)]),
      ...(use === undefined
        ? []
        : [problem(showValue(prefix), `a prefix that overlaps no other: ${use.prefix} is of ${use.what}`)]),
      ...(inside === undefined
        ? []
        : [problem(showValue(prefix), `a prefix without ${inside.address}, which is ${inside.what}`)]),
    ];
  });
}

/** What the configuration itself uses addresses for. */
function addressesOf({ gateways }: AppConfig): { readonly address: string; readonly what: string }[] {
  const devices = gateways.flatMap(({ devices: all }): DeviceConfig[] => all);
  return devices.flatMap(({ name, senders, dhcp }) => [
    ...senders.map((address) => ({ address, what: `a sender of ${name}` })),
    ...(dhcp?.boot ?? []).flatMap(({ tftpServer }) =>
      tftpServer === undefined ? [] : [{ address: tftpServer, what: `a TFTP server of ${name}` }],
    ),
  ]);
}
