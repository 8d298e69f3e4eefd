import type { AppConfig, DeviceConfig } from './app-config.js';
import { type ShapeProblem, showValue } from './shape.js';

/** What no single value shows: a device that can have no DHCP, sockets that are missing or the same, a journal of the same name. */
export function dhcpProblems(config: AppConfig): ShapeProblem[] {
  const all = config.gateways.flatMap(({ devices }, g) =>
    devices.map((device, d) => ({ device, pointer: `/gateways/${g}/devices/${d}` })),
  );
  const journals = new Set(all.flatMap(({ device }) => (device.dhcp === undefined ? [] : [`${device.name}-dhcp`])));
  const sockets = new Set<string>();
  return all.flatMap(({ device, pointer }) => [
    ...ofDevice(device, `${pointer}/dhcp`, sockets),
    ...(journals.has(device.name)
      ? [
          {
            pointer: `${pointer}/name`,
            found: showValue(device.name),
            expected: 'a name that the journal of no DHCP has',
          },
        ]
      : []),
  ]);
}

function ofDevice({ dhcp, driver }: DeviceConfig, pointer: string, taken: Set<string>): ShapeProblem[] {
  if (dhcp === undefined) return [];
  const problems: ShapeProblem[] = [];
  const kind =
    driver.kind === 'linux'
      ? driver.host === undefined
        ? undefined
        : 'that is reached over SSH'
      : `of kind ${driver.kind}`;
  if (kind !== undefined)
    problems.push({
      pointer,
      found: `dhcp on a device ${kind}`,
      expected: 'no dhcp, or a device of kind linux on the box that the engine runs on',
    });
  const sockets = Object.entries({ socket4: dhcp.socket4, socket6: dhcp.socket6 });
  if (sockets.every(([, path]) => path === undefined))
    problems.push({ pointer, found: 'neither socket4 nor socket6', expected: 'one of them, or both' });
  for (const [key, path] of sockets) {
    if (path === undefined) continue;
    if (taken.has(path))
      problems.push({
        pointer: `${pointer}/${key}`,
        found: showValue(path),
        expected: 'a socket that no other daemon has',
      });
    taken.add(path);
  }
  dhcp.boot.forEach(({ tftpServer, tftpFile, url4, url6 }, index) => {
    const at = `${pointer}/boot/${index}`;
    if ((tftpServer === undefined) !== (tftpFile === undefined))
      problems.push({ pointer: at, found: 'tftpServer or tftpFile alone', expected: 'both of them, or neither' });
    if (tftpFile === undefined && url4 === undefined && url6 === undefined)
      problems.push({ pointer: at, found: 'nothing to start with', expected: 'tftpServer and tftpFile, url4 or url6' });
  });
  return problems;
}
