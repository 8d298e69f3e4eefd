import { setTimeout as sleep } from 'node:timers/promises';
import { ask, publish, serverFact } from './billing.js';
import { portledger } from './engine.js';
import { expectWorld, ms, type Play, type Scene, until } from './scene.js';
import { portName, type Stage, type StagePort, vlanOf } from './stage.js';

export const serverAt = { vlan11: 'srv-11', vlan16: 'srv-16', vlan66: 'srv-66' } as const;
const sold = ['vlan11', 'vlan16', 'vlan66'] as const;

export const handleOf = (id: string): string => `fe80::5054:ff:fe00:${id}`;
export const destinationsOf = (stage: Stage, port: StagePort): string[] => [
  stage.servers[port].prefix,
  `${stage.servers[port].ipv4}/32`,
];

async function announces(stage: Stage, port: StagePort): Promise<boolean> {
  const announced = await stage.announced();
  return destinationsOf(stage, port).every((destination) => announced.has(destination));
}

async function silent(stage: Stage, port: StagePort): Promise<boolean> {
  const announced = await stage.announced();
  return destinationsOf(stage, port).every((destination) => !announced.has(destination));
}

export const selling: Scene = {
  title: 'Billing publishes what it sold; the links are down',
  async play({ stage, tokens, engine, tell }) {
    const gateway = {
      switch: 'leaf1',
      addresses: ['fe80::1', '198.51.100.1', '2001:db8::1'],
      macs: ['52:54:00:ff:00:01'],
    };
    await publish(engine, tokens, [{ type: 'GatewayDeclared', subject: 'leaf1', data: gateway }], 'operator');
    const facts = sold.flatMap((port) => {
      const { mac, ipv4: address, prefix } = stage.servers[port];
      const serverId = serverAt[port];
      return [
        serverFact('ServerAdded', serverId, {
          customerId: `cust-${vlanOf(port)}`,
          port: portName(port),
          vlan: vlanOf(port),
          mac,
        }),
        serverFact('Ipv6PrefixAssigned', serverId, { prefix }),
        serverFact('Ipv4AddOnBought', serverId, {
          addOnId: `ip-${vlanOf(port)}`,
          address,
          monthlyPriceMinor: 200,
          currency: 'EUR',
        }),
      ];
    });
    const answers = await publish(engine, tokens, facts);
    expectWorld(
      answers.every(({ effect }) => effect === 'applied'),
      'every fact is applied',
    );
    tell(`billing published ${answers.length} facts over HTTP, all stored and applied`);
    await firstPlan({ stage, tokens, engine, tell });
    const wanted = sold.flatMap((port) => {
      const { mac, ipv4 } = stage.servers[port];
      return [`${handleOf(String(vlanOf(port)))} ${port} ${mac}`, `${ipv4} ${port} ${mac}`];
    });
    await until('the sold entries stand in the switch', async () => sameSet(await stage.entries(), wanted));
    expectWorld((await stage.announced()).size === 0, 'nothing is announced while the links are down');
    tell('permanent neighbour entries in the switch now:');
    for (const entry of wanted) tell(`    ${entry}`);
    tell('routes at the upstream: none, the links are down');
  },
};

/** The switch is new: nothing is written before an operator has looked at the plan and applied it. */
async function firstPlan({ stage, tokens, engine, tell }: Omit<Play, 'moments'>): Promise<void> {
  interface Plan {
    readonly planHash?: string;
    readonly lines: readonly object[];
  }
  let plan: Plan = { lines: [] };
  await until('the plan has every sold entry', async () => {
    plan = await ask<Plan>(engine, tokens, '/v1/devices/leaf1/plan');
    return plan.lines.length === 2 * sold.length;
  });
  const shown = await portledger(engine, tokens.readerFile, ['plan', 'leaf1'], 5);
  expectWorld((await stage.entries()).size === 0, 'nothing is written before the plan is applied');
  const applied = await portledger(engine, tokens.operatorFile, ['apply', plan.planHash ?? '']);
  tell('$ portledger plan leaf1');
  for (const line of shown.trimEnd().split('\n')) tell(`    ${line}`.trimEnd());
  tell(`$ portledger apply ${plan.planHash}`);
  for (const line of applied.trimEnd().split('\n')) tell(`    ${line}`);
}

export const carrier: Scene = {
  title: "Carrier comes and goes at the server's end",
  async play(play) {
    const { stage, tell } = play;
    for (const port of ['vlan11', 'vlan66'] as const) {
      await stage.setCarrier(port, true);
      await until(`${port} is announced`, () => announces(stage, port));
    }
    await pause(stage);
    const up = await timed(
      () => stage.setCarrier('vlan16', true),
      () => announces(stage, 'vlan16'),
    );
    const announced = await stage.announced();
    for (const destination of destinationsOf(stage, 'vlan16')) {
      expectWorld(announced.get(destination) === 50, `${destination} carries MED 50`);
      tell(`carrier up   -> ${destination} at the upstream, MED 50`);
    }
    tell(`               both ${ms(up)} after the command was given`);
    await pause(stage);
    const down = await timed(
      () => stage.setCarrier('vlan16', false),
      () => silent(stage, 'vlan16'),
    );
    tell(`carrier down -> both gone ${ms(down)} after the command`);
    await pause(stage);
    await stage.setCarrier('vlan16', true);
    await until('vlan16 is announced again', () => announces(stage, 'vlan16'));
  },
};

export const adminBounce: Scene = {
  title: "Administratively down at the switch's end, then up again",
  async play(play) {
    const { stage, tell } = play;
    const address = stage.servers.vlan16.ipv4;
    await stage.adminDown('vlan16');
    await until('the routes have left', () => silent(stage, 'vlan16'));
    await pause(stage);
    await stage.adminUp('vlan16');
    await sleep(300);
    expectWorld(await silent(stage, 'vlan16'), 'no route returns before the gateway address does');
    tell('admin down -> routes withdrawn; admin up without the gateway address -> still withdrawn');
    const order: string[] = [];
    const watch = watchOrder(stage, address, order);
    await stage.restoreGateway('vlan16');
    await until('entry and routes are back', async () => order.length === 2 && (await announces(stage, 'vlan16')));
    await watch.stop();
    expectWorld(
      order[0] === 'entry' && order[1] === 'route',
      `entries come back before routes, seen: ${order.join(', ')}`,
    );
    tell('gateway address restored -> first the entries came back, then the routes');
    const gap = await immediateBounce(play);
    tell(`an immediate bounce: for ${ms(gap)} a route stood without its entry (BIRD puts it back by itself)`);
  },
};

/** Notes in which order entry and route come back. */
function watchOrder(stage: Stage, address: string, order: string[]): { stop(): Promise<void> } {
  let watching = true;
  const work = (async () => {
    while (watching) {
      const route = (await stage.announced()).has(`${address}/32`);
      // Read after the route: an entry seen now may be younger than the route, never the other way round.
      const entry = await entryOf(stage, address);
      if (entry && !order.includes('entry')) order.push('entry');
      if (route && !order.includes('route')) order.push('route');
      await sleep(1);
    }
  })();
  return {
    async stop() {
      watching = false;
      await work;
    },
  };
}

async function immediateBounce({ stage }: Play): Promise<number> {
  const address = stage.servers.vlan16.ipv4;
  await pause(stage);
  let naked = 0;
  let last = performance.now();
  await stage.adminDown('vlan16');
  await stage.adminUp('vlan16');
  await stage.restoreGateway('vlan16');
  await until('entry and routes stand again', async () => {
    const [entry, route] = [await entryOf(stage, address), (await stage.announced()).has(`${address}/32`)];
    const now = performance.now();
    if (route && !entry) naked += now - last;
    last = now;
    return entry && (await announces(stage, 'vlan16'));
  });
  return naked;
}

async function entryOf(stage: Stage, address: string): Promise<boolean> {
  return [...(await stage.entries())].some((entry) => entry.startsWith(`${address} `));
}

async function timed(act: () => Promise<void>, holds: () => Promise<boolean>): Promise<number> {
  const start = performance.now();
  await act();
  await until('the route follows', holds);
  return performance.now() - start;
}

/** The kernel delays link events of an interface that changed less than a second ago. */
async function pause(stage: Stage): Promise<void> {
  if (stage.kind === 'lab') await sleep(1_100);
}

export function sameSet(seen: ReadonlySet<string>, wanted: readonly string[]): boolean {
  return seen.size === wanted.length && wanted.every((one) => seen.has(one));
}
