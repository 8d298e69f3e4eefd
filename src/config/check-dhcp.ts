import type { AppConfig, DeviceConfig } from './app-config.js';
import { devicePlaces, journalNames, notOnThisBox } from './check-parts.js';
import { type ShapeProblem, showValue } from './shape.js';

/** What no single value shows: a device that can have no DHCP, sockets that are missing or the same, a journal of the same name. */
export function dhcpProblems(config: AppConfig): ShapeProblem[] {
  const places = devicePlaces(config);
  const sockets = new Set<string>();
  return [
    ...places.flatMap(({ device, pointer }) => ofDevice(device, `${pointer}/dhcp`, sockets)),
    ...journalNames(places, 'dhcp', 'no DHCP'),
  ];
}

function ofDevice(device: DeviceConfig, pointer: string, taken: Set<string>): ShapeProblem[] {
  const { dhcp } = device;
  if (dhcp === undefined) return [];
  const problems = notOnThisBox(device, 'dhcp', 'dhcp', pointer);
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
