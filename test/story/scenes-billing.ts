import type { MacAddress } from '../../events/index.js';
import { ask, type Fact, publish, serverFact } from './billing.js';
import { expectWorld, type Play, type Scene, until } from './scene.js';
import { handleOf } from './scenes-routes.js';
import { portName, type Stage } from './stage.js';

export const changes: Scene = {
  title: 'Billing changes its mind, and the network follows',
  async play(play) {
    play.moments.set('before the changes', new Date().toISOString());
    await replaceCard(play);
    await buyAndCancel(play);
    await move(play);
    await correct(play);
    await doubleSale(play);
  },
};

async function replaceCard({ stage, tokens, engine, tell }: Play): Promise<void> {
  const mac = '52:54:00:00:01:16' as MacAddress;
  await stage.replaceNic('vlan16', mac);
  await publish(engine, tokens, [serverFact('ServerNicReplaced', 'srv-16', { mac })]);
  await entriesOf(stage, 'vlan16', [`${handleOf('116')} ${mac}`, `${stage.servers.vlan16.ipv4} ${mac}`]);
  await until('both are announced', () =>
    announced(stage, [stage.servers.vlan16.prefix, `${stage.servers.vlan16.ipv4}/32`]),
  );
  const answered = await stage.ping('2001:db8:16::1', 2);
  expectWorld(answered !== 0, 'the server answers through the new card');
  tell(`network card of srv-16 replaced -> entries name ${mac}, nothing stale is left`);
}

async function buyAndCancel({ stage, tokens, engine, tell }: Play): Promise<void> {
  const address = '198.51.100.116';
  await publish(engine, tokens, [serverFact('Ipv4AddOnBought', 'srv-16', { addOnId: 'ip-16b', address })]);
  await until(`${address} is announced`, () => announced(stage, [`${address}/32`]));
  await publish(engine, tokens, [serverFact('Ipv4AddOnCancelled', 'srv-16', { addOnId: 'ip-16b' })]);
  await until(`${address} is gone`, async () => {
    const entries = [...(await stage.entries())];
    return !(await stage.announced()).has(`${address}/32`) && !entries.some((entry) => entry.startsWith(`${address} `));
  });
  tell(`IPv4 add-on ${address} bought -> entry and route; cancelled -> both gone`);
}

async function move({ stage, tokens, engine, tell }: Play): Promise<void> {
  const { mac, ipv4, prefix } = stage.servers.vlan11;
  await stage.moveServer('vlan11', 'vlan21');
  await publish(engine, tokens, [serverFact('ServerMoved', 'srv-11', { port: portName('vlan21'), vlan: 21 })]);
  await entriesOf(stage, 'vlan21', [`${handleOf('11')} ${mac}`, `${ipv4} ${mac}`]);
  await entriesOf(stage, 'vlan11', []);
  await until('both are announced from the new port', () => announced(stage, [prefix, `${ipv4}/32`]));
  const answered = await stage.ping(ipv4, 2);
  expectWorld(answered !== 0, 'the moved server answers');
  tell('srv-11 moved from vlan11 to vlan21 -> entries and routes moved, vlan11 is empty');
}

async function correct({ stage, tokens, engine, tell }: Play): Promise<void> {
  const wrong = '52:54:00:00:be:ef';
  const { ipv4 } = stage.servers.vlan11;
  const since = new Date(Date.now() - 3_600_000).toISOString();
  const data = { customerId: 'cust-40', port: portName('vlan11'), vlan: 11, mac: wrong };
  await publish(engine, tokens, [serverFact('ServerAdded', 'srv-40', data, since)]);
  await entriesOf(stage, 'vlan11', [`${handleOf('beef')} ${wrong}`]);
  const right = '52:54:00:00:00:40';
  const reason = 'typing error in the rack sheet';
  const [answer] = await publish(engine, tokens, [
    serverFact('ServerRecordCorrected', 'srv-40', { mac: right, reason }, since),
  ]);
  expectWorld(answer?.effect === 'applied', 'a correction with the original time is applied');
  await entriesOf(stage, 'vlan11', [`${handleOf('40')} ${right}`]);
  tell(`srv-40 had the wrong MAC ${wrong}; corrected as of the original time -> only ${right} is left`);
  expectWorld(ipv4 !== undefined, 'vlan11 has a machine');
}

async function doubleSale({ stage, tokens, engine, tell }: Play): Promise<void> {
  const address = stage.servers.vlan16.ipv4;
  const before = await stage.entries();
  const fact: Fact = serverFact('Ipv4AddOnBought', 'srv-40', { addOnId: 'ip-40', address });
  const [answer] = await publish(engine, tokens, [fact]);
  expectWorld(
    answer?.effect === 'conflicted' && answer.conflicts?.[0]?.holder === 'srv-16',
    'the second sale is answered with its conflict',
  );
  const { bindings } = await ask<{ bindings: { serverId: string; conflicts: object[] }[] }>(
    engine,
    tokens,
    '/v1/map?server=srv-40',
  );
  expectWorld(bindings[0]?.conflicts.length === 1, 'the conflict is visible in the map');
  const after = await stage.entries();
  expectWorld(
    [...before].every((entry) => after.has(entry)) && after.size === before.size,
    'the first owner is untouched',
  );
  tell(`${address} sold a second time, to srv-40 -> answered "conflicted, held by srv-16"; srv-16 is untouched`);
}

async function entriesOf(stage: Stage, port: string, wanted: readonly string[]): Promise<void> {
  const lines = wanted.map((entry) => entry.replace(' ', ` ${port} `));
  await until(`${port} holds exactly: ${lines.join(', ') || 'nothing'}`, async () => {
    const seen = [...(await stage.entries())].filter((entry) => entry.includes(` ${port} `));
    return seen.length === lines.length && lines.every((line) => seen.includes(line));
  });
}

async function announced(stage: Stage, destinations: readonly string[]): Promise<boolean> {
  const seen = await stage.announced();
  return destinations.every((destination) => seen.has(destination));
}
