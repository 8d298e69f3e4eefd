import type { Lab, LabPort } from '../lab/lab.js';
import { until } from '../lab/lab.js';
import { BenchEngine } from './bench-engine.js';

const port = 'leaf1:Ethernet16';
const serverId = 'srv-16';

/** An engine for the lab's switch, with the server at one of its ports sold. */
export class CarrierEngine {
  private constructor(private readonly engine: BenchEngine) {}

  static async start(lab: Lab, vlanPort: LabPort): Promise<CarrierEngine> {
    const engine = new CarrierEngine(await BenchEngine.start(lab.directory, configuration(lab, vlanPort)));
    try {
      await engine.sell(lab, vlanPort);
    } catch (error) {
      await engine.close();
      throw error;
    }
    return engine;
  }

  /** Sells the server further IPv4 addresses. */
  sellAddresses(addresses: readonly string[]): Promise<void> {
    return this.engine.publish(
      addresses.map((address, index) => ({
        type: 'Ipv4AddOnBought',
        subject: serverId,
        data: { serverId, addOnId: `more-${index}`, address },
      })),
    );
  }

  close(): Promise<void> {
    return this.engine.close();
  }

  /** Sells the server at the port and waits until the switch has its entries. */
  private async sell(lab: Lab, vlanPort: LabPort): Promise<void> {
    const { mac, ipv4, prefix } = lab.servers[vlanPort];
    const vlan = Number(vlanPort.slice(4));
    const gateway = { switch: 'leaf1', addresses: ['fe80::1'], macs: ['52:54:00:ff:00:01'] };
    await this.engine.publish([
      { type: 'GatewayDeclared', subject: 'leaf1', data: gateway },
      { type: 'ServerAdded', subject: serverId, data: { serverId, customerId: 'cust-1', port, vlan, mac } },
      { type: 'Ipv6PrefixAssigned', subject: serverId, data: { serverId, prefix } },
      { type: 'Ipv4AddOnBought', subject: serverId, data: { serverId, addOnId: 'ip-1', address: ipv4 } },
    ]);
    await this.engine.approveFirstPlan();
    await until('the switch has the entries of the sold server', async () => {
      const entries = await lab.switchKernel('neigh', 'show', 'dev', vlanPort, 'nud', 'permanent');
      return (entries as unknown[]).length === 2;
    });
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
    linkUpsPerMinute: 1_000, // the bench flaps on purpose
    gateways: [{ switch: 'leaf1', site: 'default', devices: [device] }],
  };
}
