import { type Member, ServerNode } from './node.js';
import { ServerLog } from './server-log.js';

/** Three nodes over one log, as if every append reached all of them at once. The first that runs, and was not told otherwise, leads. */
export class ServerCluster {
  readonly log = new ServerLog();
  readonly nodes: readonly ServerNode[];

  constructor() {
    const cluster = { members: () => this.members(), hasMajority: () => this.hasMajority() };
    this.nodes = Array.from({ length: 3 }, () => new ServerNode(this.log, { cluster }));
  }

  async start(): Promise<this> {
    for (const node of this.nodes) await node.start();
    return this;
  }

  stop(): void {
    for (const node of this.nodes) node.stop();
  }

  get leader(): ServerNode {
    const leader = this.nodes.find(({ running, faults }) => running && faults.now !== 'not leader');
    if (leader === undefined) throw new Error('No node of the cluster runs');
    return leader;
  }

  /** Asks one node where the others are. */
  discoverUrl(seed: ServerNode): string {
    return `esdb+discover://127.0.0.1:${seed.port}?tls=false`;
  }

  /** Names all nodes. */
  get url(): string {
    return `esdb://${this.nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}?tls=false`;
  }

  private hasMajority(): boolean {
    return this.nodes.filter(({ running }) => running).length >= 2;
  }

  private members(): Member[] {
    const leader = this.hasMajority() ? this.leader : undefined;
    return this.nodes.map((node) => {
      const state = !node.running ? 'dead' : node === leader ? 'leader' : 'follower';
      return { host: '127.0.0.1', port: node.port, state };
    });
  }
}
