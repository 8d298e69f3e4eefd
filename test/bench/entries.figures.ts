import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type IpAddress, type MacAddress } from '../../events/index.js';
import { commandOf } from '../../src/drivers/switch/linux-commands.js';
import { ipBatch, run } from '../lab/lab-process.js';
import { sweepAfterTheDead } from '../lab/lab-sweep.js';
import { addressOf, heartOf, interfaceName, macOf, type Size, switchIn } from './many-entries.js';
import { type BenchRow, rowOf } from './row.js';
import { median } from './statistics.js';

const room = 'devices';

/** 100,000 neighbour entries in a kernel: all of them, none of them, one of them. */
export async function entriesFigures(smoke: boolean, say: (text: string) => void): Promise<BenchRow[]> {
  const size: Size = smoke ? { servers: 4, addresses: 9 } : { servers: 400, addresses: 249 };
  const rounds = smoke ? { push: 1, still: 2, change: 2 } : { push: 3, still: 7, change: 20 };
  sweepAfterTheDead();
  const names = { ours: `pllab-${process.pid}-many`, bare: `pllab-${process.pid}-bare` };
  const directory = mkdtempSync(join(tmpdir(), 'portledger-bench-'));
  try {
    for (const name of Object.values(names)) await makeBox(name, size);
    return await measure(size, rounds, names, directory, say);
  } finally {
    for (const name of Object.values(names)) await ipBatch(undefined, [`netns del ${name}`]).catch(() => undefined);
    rmSync(directory, { recursive: true });
  }
}

async function makeBox(netns: string, { servers }: Size): Promise<void> {
  await ipBatch(undefined, [`netns add ${netns}`]);
  const links = Array.from({ length: servers }, (_, server) => interfaceName(server));
  await ipBatch(netns, [
    'link set lo up',
    ...links.flatMap((name) => [
      `link add ${name} type veth peer name p${name}`,
      `link set p${name} up`,
      `link set ${name} up addrgenmode none`,
      `addr add fe80::1/64 dev ${name} nodad`,
    ]),
  ]);
}

async function measure(
  size: Size,
  rounds: { readonly push: number; readonly still: number; readonly change: number },
  names: { readonly ours: string; readonly bare: string },
  directory: string,
  say: (text: string) => void,
): Promise<BenchRow[]> {
  const entries = size.servers * (size.addresses + 1);
  const device = switchIn(names.ours, size, join(directory, 'state.json'));
  const heart = await heartOf(size, device);
  const lines = batchOf(size);
  const took = { push: [] as number[], batch: [] as number[], still: [] as number[], show: [] as number[] };
  const one = { ours: [] as number[], bare: [] as number[] };
  try {
    for (let round = 0; round < rounds.push; round++) {
      for (const name of Object.values(names)) await ipBatch(name, ['neigh flush nud permanent']);
      took.batch.push(await timed(() => ipBatch(names.bare, lines)));
      took.push.push(await timed(() => untilEqual(heart.reactor)));
      say(`${entries} entries pushed, ${round + 1} of ${rounds.push}`);
    }
    for (let round = 0; round < rounds.still; round++) {
      took.show.push(await timed(() => run('ip', ['-n', names.bare, '-j', 'neigh', 'show', 'nud', 'permanent'])));
      took.still.push(await timed(() => untilEqual(heart.reactor)));
    }
    for (let round = 0; round < rounds.change; round++) {
      const address = `10.200.0.${round + 1}`;
      const serverId = 'srv-0';
      await heart.fact('Ipv4AddOnBought', { serverId, addOnId: `new-${round}`, address });
      one.ours.push(await timed(() => untilEqual(heart.reactor)));
      const entry = { interface: interfaceName(0), address: address as IpAddress, mac: macOf(0) as MacAddress };
      const command = commandOf({ change: 'set', entry }, 155) ?? '';
      one.bare.push(
        await timed(async () => {
          await ipBatch(names.bare, [command]);
          await run('ip', ['-n', names.bare, '-j', 'neigh', 'get', address, 'dev', interfaceName(0)]);
        }),
      );
    }
  } finally {
    await heart.close();
    await device.close();
  }
  const many = entries.toLocaleString('en-US');
  const row = (name: string, value: number[], limit: number[], goal?: number): BenchRow =>
    rowOf({
      room,
      name,
      value: median(value),
      unit: 'ms',
      limit: median(limit),
      ...(goal === undefined ? {} : { goal }),
    });
  return [
    row(`full push of ${many} entries, read back and journaled (limit ip -batch)`, took.push, took.batch, 1.2),
    row(`reconcile of ${many} entries without a change (limit ip -j neigh show)`, took.still, took.show, 1.3),
    row(`one change among ${many} entries, wanted < 50 ms (limit ip neigh replace, get)`, one.ours, one.bare),
  ];
}

function batchOf({ servers, addresses }: Size): string[] {
  return Array.from({ length: servers }, (_, server) => server).flatMap((server) => {
    const target = { interface: interfaceName(server), mac: macOf(server) as MacAddress };
    const linkLocal = `fe80::5054:ff:fe00:${server.toString(16)}`;
    const all = [linkLocal, ...Array.from({ length: addresses }, (_, index) => addressOf(server, index))];
    return all.map(
      (address) => commandOf({ change: 'set', entry: { ...target, address: address as IpAddress } }, 155) ?? '',
    );
  });
}

async function untilEqual(reactor: {
  reconcile(): Promise<{ state: string; error: string | undefined }>;
}): Promise<void> {
  const { state, error } = await reactor.reconcile();
  if (state !== 'equal') throw new Error(`the device is ${state} after a reconcile: ${error ?? 'lines are left'}`);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
