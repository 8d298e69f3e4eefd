import { randomUUID } from 'node:crypto';
import type { AlertOutcome } from '../drivers/alert/alert.port.js';
import type { AlertReactor } from './alert.reactor.js';
import type { DestinationStatus } from './alert-status.js';

/** What the desk asks of one destination. */
export interface AlertedDestination {
  readonly reactor: Pick<AlertReactor, 'status' | 'test' | 'retry' | 'enable'>;
  /** Has it look again soon. */
  nudge(): void;
}

/** The destinations that this engine alerts, by name: for who asks how they stand, and for an operator's word. */
export class AlertDesk {
  private readonly destinations = new Map<string, AlertedDestination>();

  add(name: string, destination: AlertedDestination): void {
    this.destinations.set(name, destination);
  }

  get names(): string[] {
    return [...this.destinations.keys()];
  }

  statuses(): DestinationStatus[] {
    return [...this.destinations.values()].map(({ reactor }) => reactor.status);
  }

  /** Sends a test now; undefined where there is no such destination. */
  async test(name: string): Promise<AlertOutcome | undefined> {
    const destination = this.destinations.get(name);
    const outcome = await destination?.reactor.test(randomUUID());
    destination?.nudge();
    return outcome;
  }

  /** How many messages are tried again; undefined where there is no such destination. */
  retry(name: string, messageId?: string): number | undefined {
    const destination = this.destinations.get(name);
    const retried = destination?.reactor.retry(messageId);
    destination?.nudge();
    return retried;
  }

  /** False where it is not disabled; undefined where there is no such destination. Rejects when the log cannot store it. */
  async enable(name: string, by: string): Promise<boolean | undefined> {
    const destination = this.destinations.get(name);
    const isEnabled = await destination?.reactor.enable(by);
    destination?.nudge();
    return isEnabled;
  }
}
