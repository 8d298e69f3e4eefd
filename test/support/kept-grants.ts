import type { GrantRecords } from '../../projections/index.js';

/** Records as a naive reader keeps them: the newest of each key. */
export class KeptGrants {
  private readonly records = new Map<string, unknown>();

  take({ servers, gateways, links, exceptions }: GrantRecords): void {
    for (const one of servers) this.records.set(`server ${one.serverId}`, one);
    for (const one of gateways) this.records.set(`gateway ${one.switch}`, one);
    for (const one of exceptions) this.records.set(`exception ${one.exceptionId}`, one);
    for (const one of links) this.records.set(`link ${one.port}`, one);
  }

  /** Everything kept, by key. */
  get told(): [string, unknown][] {
    return [...this.records].sort(([a], [b]) => (a < b ? -1 : 1));
  }
}
