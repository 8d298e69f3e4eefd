import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatToken, newToken, secretHash } from '../../src/auth/token.js';
import { writeTokens } from '../../src/auth/tokens-file.js';
import type { Lab, LabPort } from '../lab/lab.js';
import { until } from '../lab/lab.js';
import { approveFirstPlan } from '../support/approve.js';

const cli = fileURLToPath(new URL('../../src/cli.js', import.meta.url));
const source = 'urn:bench:billing';
const port = 'leaf1:Ethernet16';

/** The engine as customers run it: its own process, enforcing, fed over HTTP. */
export class CarrierEngine {
  private said = '';

  private constructor(
    private readonly child: ChildProcess,
    private readonly token: string,
  ) {
    child.stdout?.on('data', (chunk: Buffer) => (this.said += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (this.said += chunk.toString()));
  }

  static async start(lab: Lab, vlanPort: LabPort): Promise<CarrierEngine> {
    const directory = join(lab.directory, 'engine');
    mkdirSync(directory);
    const token = newToken();
    writeTokens(join(directory, 'tokens.json'), [
      {
        id: token.id,
        name: 'bench',
        sha256: secretHash(token.secret).toString('hex'),
        scopes: ['publisher', 'operator', 'viewer'],
        source,
        createdAt: new Date().toISOString(),
      },
    ]);
    const config = join(directory, 'portledger.json');
    writeFileSync(config, JSON.stringify(configuration(lab, vlanPort)));
    const serve = [process.execPath, cli, 'serve', '--config', config, '--log-format', 'json'];
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...serve], { stdio: ['ignore', 'pipe', 'pipe'] });
    const engine = new CarrierEngine(child, formatToken(token));
    try {
      await until('the engine listens', () => engine.isListening());
      await engine.sell(lab, vlanPort);
    } catch (error) {
      await engine.close();
      throw error;
    }
    return engine;
  }

  async close(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.child.once('close', resolve));
    this.child.kill('SIGTERM');
    const impatient = setTimeout(() => this.child.kill('SIGKILL'), 5_000);
    await gone;
    clearTimeout(impatient);
  }

  private isListening(): boolean {
    if (this.child.exitCode !== null) throw new Error(`the engine ended: ${this.said}`);
    return this.url() !== undefined;
  }

  private url(): string | undefined {
    return /listens on (http:\S+)/.exec(this.said)?.[1];
  }

  /** Sells the server at the port and waits until the switch has its entries. */
  private async sell(lab: Lab, vlanPort: LabPort): Promise<void> {
    const { mac, ipv4, prefix } = lab.servers[vlanPort];
    const serverId = 'srv-16';
    const vlan = Number(vlanPort.slice(4));
    const facts = [
      { type: 'GatewayDeclared', data: { switch: 'leaf1', addresses: ['fe80::1'], macs: ['52:54:00:ff:00:01'] } },
      { type: 'ServerAdded', data: { serverId, customerId: 'cust-1', port, vlan, mac } },
      { type: 'Ipv6PrefixAssigned', data: { serverId, prefix } },
      { type: 'Ipv4AddOnBought', data: { serverId, addOnId: 'ip-1', address: ipv4 } },
    ];
    for (const [index, { type, data }] of facts.entries()) {
      const time = new Date().toISOString();
      const subject = index === 0 ? 'leaf1' : serverId;
      await this.publish({ specversion: '1.0', type, source, id: `fact-${index}`, subject, time, data });
    }
    await approveFirstPlan(this.url() ?? '', this.token);
    await until('the switch has the entries of the sold server', async () => {
      const entries = await lab.switchKernel('neigh', 'show', 'dev', vlanPort, 'nud', 'permanent');
      return (entries as unknown[]).length === 2;
    });
  }

  /** Sells the server further IPv4 addresses. */
  async sellAddresses(addresses: readonly string[]): Promise<void> {
    for (const [index, address] of addresses.entries()) {
      const data = { serverId: 'srv-16', addOnId: `more-${index}`, address };
      const time = new Date().toISOString();
      const id = `more-${index}`;
      await this.publish({ specversion: '1.0', type: 'Ipv4AddOnBought', source, id, subject: 'srv-16', time, data });
    }
  }

  private async publish(event: object): Promise<void> {
    const answer = await fetch(`${this.url()}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents+json', authorization: `Bearer ${this.token}` },
      body: JSON.stringify(event),
    });
    if (answer.status !== 201)
      throw new Error(`the engine answered ${answer.status} to a fact, expected 201: ${await answer.text()}`);
  }
}

function configuration(lab: Lab, vlanPort: LabPort): object {
  const device = {
    name: 'leaf1',
    mode: 'enforce',
    interfacePattern: 'vlan{vlan}',
    med: 0,
    ports: { [port]: vlanPort },
    stateFile: './leaf1.state.json',
    driver: { kind: 'linux', netns: lab.sw, protocol: 155 },
    bgp: { kind: 'bird', ...lab.bird },
  };
  return {
    dataDir: './data',
    listen: { host: '127.0.0.1', port: 0 },
    tokensFile: './tokens.json',
    linkUpsPerMinute: 1_000, // the bench flaps on purpose
    gateways: [{ switch: 'leaf1', site: 'default', devices: [device] }],
  };
}
