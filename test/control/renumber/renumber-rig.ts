// An engine whose server hangs on a simulated gateway and is listened to, with a billing that gets webhooks and answers.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IpAddress } from '../../../events/index.js';
import { parseConfig } from '../../../src/config/load-config.js';
import type { RenumberingView } from '../../../src/control/renumber/renumber-view.js';
import { SimulatedBgp } from '../../../src/drivers/bgp/simulated.bgp.js';
import { SimulatedSwitch } from '../../../src/drivers/switch/simulated.switch.js';
import { exampleEvent, type PublishedType } from '../../../src/intake/event-examples.js';
import { destinationOf } from '../../../src/reactors/lines.js';
import { portledger, type Said, speakingTo } from '../../cli/said.js';
import { type Answer, RunningEngine } from '../../e2e/running-engine.js';
import { icmpv6 } from '../../sensor/capture/frames.js';
import { Captures, sensorOn } from '../../sensor/coverage/sensing-engine.js';
import { until } from '../../sensor/judge/sensor-rig.js';
import { WebhookReceiver } from '../webhook-receiver.js';

export const oldPrefix = '2001:db8:16::/64';
export const newPrefix = '2001:db8:1016::/48';
const port = 'leaf1:Ethernet16';
const secret = `whsec_${randomBytes(32).toString('base64')}`;

export class RenumberRig {
  private nextId = 0;

  private constructor(
    readonly engine: RunningEngine,
    readonly billing: WebhookReceiver,
    readonly captures: Captures,
    private readonly bgp: SimulatedBgp,
    private readonly directory: string,
  ) {}

  /** @param listening whether a sensor hears the server's port */
  static async start(listening = true): Promise<RenumberRig> {
    const directory = mkdtempSync(join(tmpdir(), 'portledger-renumber-'));
    const secretFile = join(directory, 'hook.secret');
    writeFileSync(secretFile, `${secret}\n`, { mode: 0o600 });
    const billing = await WebhookReceiver.start(secret);
    const leaf1 = new SimulatedSwitch({ device: 'leaf1', interfaces: { vlan16: ['fe80::1' as IpAddress] } });
    leaf1.setCarrier('vlan16', true);
    const bgp = new SimulatedBgp('leaf1', leaf1);
    const device = {
      ...{ name: 'leaf1', mode: 'enforce', interfacePattern: 'vlan{vlan}', ports: { [port]: 'vlan16' } },
      ...{ driver: { kind: 'simulated' }, bgp: { kind: 'simulated' } },
    };
    const webhook = { url: billing.url, secretFiles: [secretFile], allow: ['127.0.0.0/8'] };
    const { gateways, alerts } = parseConfig(
      {
        gateways: [{ switch: 'leaf1', devices: [device] }],
        alerts: { destinations: [{ name: 'billing', billing: true, webhook }] },
      },
      join(directory, 'portledger.json'),
    );
    const captures = new Captures();
    const engine = await RunningEngine.start(undefined, {
      gateways,
      hands: { devices: new Map([['leaf1', { switch: leaf1, bgp }]]), openCapture: captures.open },
      settings: { alerts, sensors: listening ? [sensorOn(16)] : [], resyncSeconds: 1 },
    });
    await leaf1.writeStamp({ logId: engine.parts.store.logId, ordinal: -1 });
    await until('every sensor hears', () => captures.running === (listening ? 1 : 0));
    return new RenumberRig(engine, billing, captures, bgp, directory);
  }

  async stop(): Promise<void> {
    await this.engine.stop();
    await this.billing.close();
    rmSync(this.directory, { recursive: true });
  }

  async publish(type: PublishedType, data: Record<string, unknown>): Promise<void> {
    const subject = data['serverId'];
    const event = exampleEvent(type, { id: `fact-${this.nextId++}`, subject, time: new Date().toISOString(), data });
    expect((await this.engine.publish(event, this.engine.tokens.publisher)).status).toBe(201);
  }

  async sell(): Promise<void> {
    const place = { port, vlan: 16, mac: '52:54:00:00:00:16' };
    await this.publish('ServerAdded', { serverId: 'srv-16', customerId: 'cust-7', ...place });
    await this.publish('Ipv6PrefixAssigned', { serverId: 'srv-16', prefix: oldPrefix });
  }

  /** What the neighbours of the gateway hear of. */
  announced(): string[] {
    return this.bgp.announced().map(destinationOf).sort();
  }

  say(...words: string[]): Promise<Said> {
    return portledger(['renumber', ...words], speakingTo(this.engine, this.engine.tokens.every));
  }

  async only(): Promise<RenumberingView> {
    const { out } = await this.say('list', '--json');
    return JSON.parse(out.split('\n')[0] ?? '') as RenumberingView;
  }

  call(path: string, request: { body?: object; etag?: string; token?: string } = {}): Promise<Answer> {
    const { body, etag, token = this.engine.tokens.operator } = request;
    const headers: Record<string, string> = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    if (etag !== undefined) headers['if-match'] = etag;
    const post = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    return this.engine.call(path, { ...post, headers });
  }

  /** The server asks for the gateway from its address in the old prefix, as Linux does for a packet from there. */
  useOldPrefix(): void {
    const from = '20010db800160000 0000000000000001';
    const bytes = icmpv6(135, `00000000 fe80000000000000 0000000000000001 0101525400000016`, { from });
    this.captures.send('leaf1-e16', bytes);
  }

  /** Event types on the stream of this renumbering, with the states that were found. */
  async told(id: string): Promise<string[]> {
    const { events } = await this.engine.parts.store.readStream(`renumbering-${id}`);
    return events.map(({ type, data }) => {
      const { state } = data as { state?: string };
      return state === undefined ? type : `${type} ${state}`;
    });
  }
}
