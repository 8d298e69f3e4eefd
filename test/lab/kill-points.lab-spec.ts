import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MacAddress } from '../../events/index.js';
import { openEmbeddedReader } from '../../src/event-store/embedded/embedded.event-store.js';
import { ask, publish, serverFact } from '../story/billing.js';
import { makeTokens, startStoryEngine, type StoryEngine, type Tokens } from '../story/engine.js';
import { labStage } from '../story/lab.stage.js';
import { portName, type Stage } from '../story/stage.js';
import { approveFirstPlan } from '../support/approve.js';
import { describeLab } from './describe-lab.js';
import { killPoints } from './kill-child.js';
import { createLab, type Lab, until } from './lab.js';

const program = fileURLToPath(new URL('./kill-child.js', import.meta.url));

function isAlive(pid = -1): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/**
 * R13: killed at every step of a push. Each point is met by replacing a network card, which adds an entry, changes one,
 * moves a route to another next hop and removes an entry.
 */
describeLab('an engine that is killed in the middle of a push', () => {
  let lab: Lab;
  let stage: Stage;
  let tokens: Tokens;
  let engine: StoryEngine;
  let card = 1;

  beforeAll(async () => {
    lab = await createLab();
    stage = labStage(lab);
    tokens = makeTokens(stage);
    engine = await startStoryEngine(stage, 'data', program);
    const gateway = { switch: 'leaf1', addresses: ['fe80::1', '198.51.100.1'], macs: ['52:54:00:ff:00:01'] };
    await publish(engine, tokens, [{ type: 'GatewayDeclared', subject: 'leaf1', data: gateway }], 'operator');
    const { ipv4, prefix } = stage.servers.vlan16;
    await publish(engine, tokens, [
      serverFact('ServerAdded', 'srv-16', { customerId: 'c1', port: portName('vlan16'), vlan: 16, mac: macOf(card) }),
      serverFact('Ipv6PrefixAssigned', 'srv-16', { prefix }),
      serverFact('Ipv4AddOnBought', 'srv-16', { addOnId: 'a', address: ipv4 }),
    ]);
    await approveFirstPlan(engine.url, tokens.operator);
    await stage.setCarrier('vlan16', true);
    await untilExactly(card);
  });
  afterAll(async () => {
    await engine.stop();
    await stage.close();
  });

  const macOf = (number: number): MacAddress => `52:54:00:00:${two(number)}:16` as MacAddress;
  const two = (number: number): string => number.toString(16).padStart(2, '0');
  const handleOf = (number: number): string => `fe80::5054:ff:fe00:${number.toString(16)}16`;
  const entriesWith = (number: number): string =>
    [`${stage.servers.vlan16.ipv4} vlan16 ${macOf(number)}`, `${handleOf(number)} vlan16 ${macOf(number)}`]
      .sort()
      .join();

  /** The device holds exactly what this card needs: two entries, and both routes, by this next hop, in kernel and upstream. */
  async function untilExactly(number: number): Promise<void> {
    const wanted = entriesWith(number);
    let seen = '';
    await until(
      `exactly card ${number} stands on the device`,
      async () => {
        const routes = (await lab.switchKernel('-6', 'route', 'show', 'proto', 'bird')) as {
          dst: string;
          gateway?: string;
        }[];
        const hop = routes.find(({ dst }) => dst === stage.servers.vlan16.prefix)?.gateway;
        const heard = await stage.announced();
        seen = [...(await stage.entries())].sort().join();
        return (
          seen === wanted &&
          hop === handleOf(number) &&
          heard.has(stage.servers.vlan16.prefix) &&
          heard.has(`${stage.servers.vlan16.ipv4}/32`)
        );
      },
      60_000,
    );
  }

  it.each(killPoints)('%s: comes to the new state, with nothing left over', async (point) => {
    const killFile = `${engine.configFile}.kill`;
    const { pid } = engine;
    writeFileSync(killFile, point);
    const before = card++;
    await publish(engine, tokens, [serverFact('ServerNicReplaced', 'srv-16', { mac: macOf(card) })]);
    await until(`it died ${point}`, () => !isAlive(pid));
    rmSync(killFile);
    // Whatever it was at: an entry is the old card's or the new one's, and no route has lost the entry under it.
    for (const entry of await stage.entries())
      expect([...entriesWith(before).split(','), ...entriesWith(card).split(',')]).toContain(entry);
    engine = await startStoryEngine(stage, 'data', program);
    await untilExactly(card);
    await until('the engine says that all is equal', async () => {
      return (await ask<{ state: string }>(engine, tokens, '/v1/devices/leaf1')).state === 'equal';
    });
    expect(readdirSync(stage.directory).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('and every plan that was begun has exactly one outcome', async () => {
    await engine.stop();
    const reader = await openEmbeddedReader(join(stage.directory, 'data'));
    const begun = new Set<string>();
    const outcomes = new Map<string, string[]>();
    for (let fromRevision = 0; ;) {
      const page = await reader.readStream('journal-leaf1', { fromRevision, limit: 500 });
      for (const { type, data } of page.events) {
        const { planId, outcome, part, error } = data as Record<string, string | number | undefined>;
        if (type === 'ReconcileStarted') begun.add(String(planId));
        if (type !== 'ReconcileFinished' || part !== 0) continue;
        outcomes.set(String(planId), [...(outcomes.get(String(planId)) ?? []), `${outcome} ${error ?? ''}`]);
      }
      if (page.next === undefined) break;
      fromRevision = (page.events.at(-1)?.revision ?? 0) + 1;
    }
    await reader.close();
    expect([...outcomes.keys()].sort()).toEqual([...begun].sort());
    expect([...outcomes.values()].filter((all) => all.length !== 1)).toEqual([]);
    const interrupted = [...outcomes.values()].filter(([one]) => one?.includes('interrupted'));
    // All but the two at which no plan was open: nothing begun yet, and everything journaled.
    expect(interrupted).toHaveLength(killPoints.length - 2);
  });
});
