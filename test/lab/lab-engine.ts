import { approveFirstPlan } from '../support/approve.js';
import { ask, publish, serverFact } from '../story/billing.js';
import { makeTokens, portledger, startStoryEngine, type StoryEngine, type Tokens } from '../story/engine.js';
import { labStage } from '../story/lab.stage.js';
import { portName, type Stage, type StagePort, vlanOf } from '../story/stage.js';
import type { Lab } from './lab.js';

/** An engine that drives the gateway of a lab and one part of it more. */
export interface LabEngine {
  readonly stage: Stage;
  /** The one that runs, or ran last. */
  readonly engine: StoryEngine;
  /** Starts another one on the same log. */
  start(): Promise<void>;
  ask<Answer>(path: string): Promise<Answer>;
  /** Facts of billing. */
  publish(...facts: Parameters<typeof publish>[2]): Promise<void>;
  /** Facts that are an operator's to say. */
  declare(...facts: Parameters<typeof publish>[2]): Promise<void>;
  /** The command line, as a reader and as an operator. */
  cli(...args: string[]): Promise<string>;
  asOperator(...args: string[]): Promise<string>;
}

/**
 * Starts an engine with a declared gateway and the servers at these ports sold, with both families, and cabled; the first
 * plan of the gateway is approved, that of the part is not.
 */
export async function startLabEngine(
  lab: Lab,
  part: Pick<Stage['deviceConfig'], 'guard' | 'dhcp' | 'ra'>,
  sold: readonly StagePort[] = ['vlan11', 'vlan16'],
): Promise<LabEngine> {
  const bare = labStage(lab);
  const stage = { ...bare, deviceConfig: { ...bare.deviceConfig, ...part } };
  const tokens: Tokens = makeTokens(stage);
  let engine = await startStoryEngine(stage, 'data');
  const gateway = { switch: 'leaf1', addresses: ['fe80::1', '198.51.100.1'], macs: ['52:54:00:ff:00:01'] };
  await publish(engine, tokens, [{ type: 'GatewayDeclared', subject: 'leaf1', data: gateway }], 'operator');
  for (const port of sold) {
    const { mac, ipv4, prefix } = stage.servers[port];
    const serverId = `srv-${vlanOf(port)}`;
    await publish(engine, tokens, [
      serverFact('ServerAdded', serverId, { customerId: 'c1', port: portName(port), vlan: vlanOf(port), mac }),
      serverFact('Ipv6PrefixAssigned', serverId, { prefix }),
      serverFact('Ipv4AddOnBought', serverId, { addOnId: 'a', address: ipv4 }),
    ]);
    await lab.setCarrier(port, true);
  }
  await approveFirstPlan(engine.url, tokens.operator);
  return {
    stage,
    get engine() {
      return engine;
    },
    async start() {
      engine = await startStoryEngine(stage, 'data');
    },
    ask: <Answer>(path: string) => ask<Answer>(engine, tokens, path),
    publish: async (...facts) => void (await publish(engine, tokens, facts)),
    declare: async (...facts) => void (await publish(engine, tokens, facts, 'operator')),
    cli: (...args) => portledger(engine, tokens.readerFile, args),
    asOperator: (...args) => portledger(engine, tokens.operatorFile, args),
  };
}
