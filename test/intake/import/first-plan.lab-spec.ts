import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { portledger } from '../../cli/said.js';
import { describeLab } from '../../lab/describe-lab.js';
import { createLab, type Lab, until } from '../../lab/lab.js';
import { ask, publish } from '../../story/billing.js';
import { billingSource, makeTokens, startStoryEngine, type StoryEngine, type Tokens } from '../../story/engine.js';
import { labStage } from '../../story/lab.stage.js';
import { portName, type Stage, vlanOf } from '../../story/stage.js';
import { approveFirstPlan } from '../../support/approve.js';

interface Plan {
  readonly lines: readonly object[];
  readonly brake?: { readonly code: string };
}

describeLab('a file imported beside a real kernel and a real BIRD', () => {
  let lab: Lab;
  let stage: Stage;
  let tokens: Tokens;
  let engine: StoryEngine;
  beforeAll(async () => {
    lab = await createLab();
    stage = labStage(lab);
    tokens = makeTokens(stage);
    engine = await startStoryEngine(stage, 'data');
    const gateway = { switch: 'leaf1', addresses: ['fe80::1', '198.51.100.1'], macs: ['52:54:00:ff:00:01'] };
    await publish(engine, tokens, [{ type: 'GatewayDeclared', subject: 'leaf1', data: gateway }], 'operator');
    await lab.setCarrier('vlan16', true);
  });
  afterAll(async () => {
    await engine.stop();
    await stage.close();
  });

  it('reaches neither before the first plan is approved, and both afterwards', async () => {
    const { mac, ipv4, prefix, linkLocal } = lab.servers.vlan16;
    const servers = join(stage.directory, 'servers.csv');
    const row = ['srv-16', 'c1', portName('vlan16'), vlanOf('vlan16'), mac, prefix, ipv4].join(',');
    writeFileSync(servers, `server,customer,port,vlan,mac,prefixes,ipv4\n${row}\n`);
    const token = join(stage.directory, 'import.token');
    writeFileSync(token, tokens.billing, { mode: 0o600 });
    const env = { PORTLEDGER_URL: engine.url, PORTLEDGER_TOKEN_FILE: token };
    const words = ['--time', '2026-01-01T00:00:00Z', '--publish', '--source', billingSource];
    expect(await portledger(['import', 'csv', servers, ...words], env)).toMatchObject({ code: 0 });
    const heard = async (): Promise<string[]> =>
      [...(await stage.announced()).keys()].filter((one) => one === prefix || one === `${ipv4}/32`).sort();
    await until('the plan waits for its approval', async () => {
      const { lines, brake } = await ask<Plan>(engine, tokens, '/v1/devices/leaf1/plan');
      return lines.length === 4 && brake?.code === 'first-plan';
    });
    expect([[...(await stage.entries())], await heard()]).toEqual([[], []]);

    await approveFirstPlan(engine.url, tokens.operator);
    await until('upstream hears both', async () => (await heard()).length === 2);
    expect([...(await stage.entries())].sort()).toEqual([`${ipv4} vlan16 ${mac}`, `${linkLocal} vlan16 ${mac}`].sort());
  });
});
