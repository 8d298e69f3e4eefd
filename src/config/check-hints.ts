import type { AppConfig } from './app-config.js';
import { type ShapeProblem, showValue } from './shape.js';

const everywhere = /^(?:0\.0\.0\.0|[0:]+)$/;

/** A trusted listener stands on a management interface, each sender is one device's, and secrets are where they are needed. */
export function hintProblems(config: AppConfig): ShapeProblem[] {
  const senders = new Map<string, string>();
  const devices = config.gateways.flatMap((gateway, g) =>
    gateway.devices.map((device, d) => ({ device, pointer: `/gateways/${g}/devices/${d}/senders` })),
  );
  return [
    ...devices.flatMap(({ device, pointer }) =>
      device.senders.flatMap((sender) => {
        const owner = senders.get(sender) ?? device.name;
        senders.set(sender, owner);
        if (owner === device.name) return [];
        const expected = `an address that only ${device.name} sends from: it is named for ${owner} already`;
        return [{ pointer, found: showValue(sender), expected }];
      }),
    ),
    ...config.hints.flatMap((listener, index) => {
      const pointer = `/hints/${index}`;
      const { kind, trusted, managementInterface, address, communityFile, usersFile } = listener;
      const problems: ShapeProblem[] = [];
      if (trusted && managementInterface === undefined) {
        const expected = 'managementInterface beside it, the interface only devices reach; or leave trusted out';
        problems.push({ pointer: `${pointer}/trusted`, found: 'true', expected });
      }
      if (trusted && everywhere.test(address)) {
        const expected =
          'one address of the management interface: a trusted listener may not be reached from elsewhere';
        problems.push({ pointer: `${pointer}/address`, found: showValue(address), expected });
      }
      if (kind === 'snmp-trap' && communityFile === undefined && usersFile === undefined)
        problems.push({ pointer, found: 'neither communityFile nor usersFile', expected: 'one of them for snmp-trap' });
      return problems;
    }),
  ];
}
