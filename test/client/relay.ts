import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** One address for an engine that comes and goes on ports of its own, as behind a load balancer. */
export class Relay {
  /** Where the engine listens now; undefined while there is none. */
  target: number | undefined;
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<Relay> {
    const server = createServer((inward) => relay.pass(inward));
    const relay = new Relay(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return relay;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private pass(inward: Socket): void {
    if (this.target === undefined) return void inward.destroy();
    const outward = connect(this.target, '127.0.0.1');
    for (const [one, other] of [[inward, outward] as const, [outward, inward] as const]) {
      this.sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.sockets.delete(one);
        other.destroy();
      });
    }
    inward.pipe(outward).pipe(inward);
  }
}
