import { type ChildProcess, fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { linkLocalOf } from '../../events/index.js';
import { until } from '../lab/lab.js';
import { createPiRack, type Pi, type PiRack, type RackSwitch } from '../lab/pi-rack.js';
import type { BareSwitch } from './bare-rack.js';
import { BenchEngine } from './bench-engine.js';
import { calmMs } from './carrier.room.js';
import { type BenchRow, rowOf } from './row.js';
import { median } from './statistics.js';

const bareScript = fileURLToPath(new URL('./bare-rack.js', import.meta.url));
const patienceMs = 60_000;

/**
 * 96 servers at two switches get power at once: from the first cable that comes up until the upstream has the last of their
 * routes. The engine beside a bare script that hears, writes and reloads, on the same rack one after the other.
 */
export async function coldBootFigures(room: string, rounds: number, say: (text: string) => void): Promise<BenchRow[]> {
  const rack = await createPiRack();
  try {
    const bare = await startBare(rack);
    const limits = await boots(rack, rounds, (text) => say(`bare script, ${text}`)).finally(() => bare.disconnect());
    const engine = await startEngine(rack);
    try {
      const ours = await boots(rack, rounds, (text) => say(`engine, ${text}`));
      const name = `cold boot of ${rack.pis.length} ports to the last route at the upstream, median of ${rounds}`;
      return [rowOf({ room, name, value: median(ours), unit: 'ms', limit: median(limits), goal: 2 })];
    } finally {
      await engine.close();
    }
  } finally {
    await rack.close();
  }
}

async function boots(rack: PiRack, rounds: number, say: (text: string) => void): Promise<number[]> {
  const times: number[] = [];
  const all = rack.pis.length;
  for (let round = 0; round < rounds; round++) {
    await sleep(calmMs);
    const start = performance.now();
    rack.powerOn();
    await until('every route is at the upstream', async () => (await rack.announced()) === all, patienceMs);
    times.push(performance.now() - start);
    const answering = await rack.answering();
    say(`boot ${round + 1} of ${rounds}: ${times.at(-1)?.toFixed(0)} ms, ${answering} of ${all} answer a ping`);
    rack.powerOff();
    await until('no route is at the upstream', async () => (await rack.announced()) === 0, patienceMs);
  }
  return times;
}

async function startBare(rack: PiRack): Promise<ChildProcess> {
  const file = join(rack.directory, 'bare.json');
  writeFileSync(file, JSON.stringify(rack.switches.map(bareSwitch)));
  const child = fork(bareScript, [file], { execArgv: [] });
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', (code) => reject(new Error(`the bare script ended with ${code} before it was ready`)));
  });
  await sleep(300); // its `ip monitor` says nothing when it listens
  return child;
}

function bareSwitch({ namespace, bird, pis }: RackSwitch): BareSwitch {
  const route = ({ prefix, mac, vlanInterface }: Pi): string =>
    `route ${prefix} via ${linkLocalOf(mac)}%${vlanInterface} { bgp_med = 0; };`;
  const routes = Object.fromEntries(pis.map((pi) => [pi.vlanInterface, route(pi)]));
  return { netns: namespace, socket: bird.socket, include: bird.include6, routes };
}

/** An engine that has sold every server, with their neighbour entries on both switches. */
async function startEngine(rack: PiRack): Promise<BenchEngine> {
  for (const { bird } of rack.switches) writeFileSync(bird.include6, '');
  const gateways = rack.switches.map((one) => ({ switch: one.name, site: 'default', devices: [deviceOf(one)] }));
  const engine = await BenchEngine.start(rack.directory, { linkUpsPerMinute: 1_000, gateways });
  try {
    for (const { name, pis } of rack.switches) {
      const gateway = { switch: name, addresses: ['fe80::1'], macs: ['52:54:00:ff:00:01'] };
      await engine.publish([{ type: 'GatewayDeclared', subject: name, data: gateway }, ...pis.flatMap(soldTo)]);
      await engine.approveFirstPlan(name);
    }
    await until(
      'the switches have the entries of every server',
      async () => (await rack.entries()) === rack.pis.length,
    );
    return engine;
  } catch (error) {
    await engine.close();
    throw error;
  }
}

function soldTo({ serverId, port, vlan, mac, prefix }: Pi) {
  return [
    { type: 'ServerAdded', subject: serverId, data: { serverId, customerId: 'pi-cloud', port, vlan, mac } },
    { type: 'Ipv6PrefixAssigned', subject: serverId, data: { serverId, prefix } },
  ];
}

function deviceOf({ name, namespace, bird, pis }: RackSwitch): object {
  return {
    name,
    mode: 'enforce',
    interfacePattern: 'vlan{vlan}',
    med: 0,
    ports: Object.fromEntries(pis.map(({ port, vlanInterface }) => [port, vlanInterface])),
    stateFile: `./${name}.state.json`,
    driver: { kind: 'linux', netns: namespace, protocol: 155 },
    bgp: { kind: 'bird', ...bird },
  };
}
