import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

/** A webhook as a library that knows Standard Webhooks read it. */
export interface ReceivedWebhook {
  readonly id: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A real server on loopback that takes webhooks, verifies each, and answers as it is told to. */
export class WebhookReceiver {
  readonly received: ReceivedWebhook[] = [];
  /** Answers a request that was read and verified. */
  answer: (response: ServerResponse) => void = (response) => void response.writeHead(204).end();

  private constructor(
    private readonly server: Server,
    private readonly secret: string,
  ) {
    server.on('request', (request, response) => void this.take(request, response));
  }

  static async start(secret: string): Promise<WebhookReceiver> {
    const server = createServer();
    const receiver = new WebhookReceiver(server, secret);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
  }

  get types(): string[] {
    return this.received.map(({ type }) => type);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const body = Buffer.concat(pieces).toString();
    const headers = request.headers as Record<string, string>;
    const { type, data } = new Webhook(this.secret).verify(body, headers) as Omit<ReceivedWebhook, 'id'>;
    this.received.push({ id: headers['webhook-id'] ?? '', type, data });
    this.answer(response);
  }
}

/** What a sensor would store of a violation. */
export function violationData(violationId: string, more: object = {}): Record<string, unknown> {
  return {
    ...{ violationId, rule: 'address-spoof', ruleVersion: 1, severity: 'high', sensor: 'leaf1-e66', site: 'default' },
    ...{ attribution: 'interface', switch: 'leaf1', port: 'leaf1:Ethernet66', vlan: 66, observation: 'arp-reply' },
    ...{ etherSource: '52:54:00:00:00:66', claimedMac: '52:54:00:00:00:66', claimedAddress: '198.51.100.16' },
    ...{ frameTime: '2026-01-01T00:00:00.000Z', detail: `somebody claims the address of ${violationId}` },
    ...{ tentative: false, basis: '[]', ...more },
  };
}
