import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IpAddress, Ipv4Address, Ipv6Prefix, MacAddress } from '../../events/index.js';
import { SimulatedBgp } from '../../src/drivers/bgp/simulated.bgp.js';
import { SimulatedSwitch } from '../../src/drivers/switch/simulated.switch.js';
import type { DecodedFrame } from '../../src/sensor/capture/decoded-frame.js';
import { decodeFrame } from '../../src/sensor/capture/frame-decoder.js';
import type { OpenCapture } from '../../src/sensor/sensor.service.js';
import { destinationOf } from '../../src/reactors/lines.js';
import { ports, type Stage, type StagePort, type StageServer } from './stage.js';

/** The same story where there is no root or no BIRD: a switch that exists in this process only, and no wire. */
export function openSimulatedStage(why: string): Stage {
  const directory = mkdtempSync(join(tmpdir(), 'portledger-story-'));
  const gateway = 'fe80::1' as IpAddress;
  const device = new SimulatedSwitch({
    device: 'leaf1',
    interfaces: Object.fromEntries(ports.map((port) => [port, [gateway]])),
    boxAddresses: ['198.51.100.1' as IpAddress, '2001:db8::1' as IpAddress],
  });
  const bgp = new SimulatedBgp('leaf1', device);
  const servers = Object.fromEntries(ports.map((port) => [port, serverAt(port)])) as Record<StagePort, StageServer>;
  const ears = new Map<string, (frame: DecodedFrame) => void>();
  const openCapture: OpenCapture = (source, { onFrame, onState }) => ({
    start() {
      ears.set(source.interface ?? '', onFrame);
      onState({ state: 'running' });
    },
    stop: () => Promise.resolve(void ears.delete(source.interface ?? '')),
  });
  let frames = 0;
  return {
    kind: 'simulated',
    about: `a simulated switch in this process (${why}); there is no wire, so pings and silence are not shown`,
    directory,
    servers,
    deviceConfig: { driver: { kind: 'simulated' }, bgp: { kind: 'simulated' } },
    netns: undefined,
    inProcess: { devices: new Map([['leaf1', { switch: device, bgp }]]), openCapture },
    setCarrier: (port, up) => Promise.resolve(device.setCarrier(port, up)),
    adminDown: (port) => Promise.resolve(device.setAdmin(port, false)),
    adminUp: (port) => Promise.resolve(device.setAdmin(port, true)),
    restoreGateway: (port) => Promise.resolve(device.addAddress(port, gateway)),
    replaceNic(port, mac: MacAddress) {
      servers[port] = { ...servers[port], mac };
      return Promise.resolve();
    },
    moveServer(from, to) {
      device.setCarrier(from, false);
      [servers[from], servers[to]] = [servers[to], servers[from]];
      device.setCarrier(to, true);
      return Promise.resolve();
    },
    async entries() {
      const { neighbours } = await device.read();
      return new Set(neighbours.map((entry) => `${entry.address} ${entry.interface} ${entry.mac}`));
    },
    announced: () => Promise.resolve(new Map(bgp.announced().map((route) => [destinationOf(route), route.med]))),
    ping: () => Promise.resolve(undefined),
    async questionsDuring(_port, work) {
      await work();
      return undefined;
    },
    forge(port, hexFrames) {
      for (const hex of hexFrames) {
        const bytes = Buffer.from(hex, 'hex');
        const now = Date.now();
        const time = { seconds: Math.floor(now / 1000), nanoseconds: (now % 1000) * 1_000_000 };
        const frame = { number: ++frames, time, bytes, start: 0, end: bytes.length, originalLength: bytes.length };
        const decoded = decodeFrame(frame);
        if (decoded !== undefined) ears.get(port)?.(decoded);
      }
      return Promise.resolve();
    },
    close: () => Promise.resolve(rmSync(directory, { recursive: true, force: true })),
  };
}

function serverAt(port: StagePort): StageServer {
  const id = port.slice(4);
  return {
    mac: `52:54:00:00:00:${id}` as MacAddress,
    ipv4: `198.51.100.${id}` as Ipv4Address,
    prefix: `2001:db8:${id}::/48` as Ipv6Prefix,
  };
}
