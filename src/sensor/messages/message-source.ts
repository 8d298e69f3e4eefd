import type { Observation } from '../../../projections/index.js';
import type { ObservationSource, ObservationSourceState } from '../observation-source.js';
import type { ObservedAt } from '../tables/observed-at.js';
import { messageObservation } from './message-observation.js';
import { readSwitchMessage } from './read-switch-message.js';

/** The messages of one device, as the syslog listener of the configuration hears them, told as what they claim. */
export class MessageSource implements ObservationSource {
  private observe: ((observation: Observation) => void) | undefined;
  private isStopped = false;
  private counted = { understood: 0, claims: 0, others: 0 };

  /** @param senders the addresses the device sends from, one spelling each */
  constructor(
    private readonly at: ObservedAt,
    readonly senders: readonly string[],
  ) {}

  get name(): string {
    return this.at.sensor;
  }

  get state(): ObservationSourceState {
    if (this.isStopped) return { state: 'stopped' };
    if (this.observe === undefined) return { state: 'waiting' };
    const { understood, claims, others } = this.counted;
    const detail = `${understood} messages about ARP, ND or a MAC, ${claims} of them claims, ${others} about something else`;
    return { state: 'running', detail };
  }

  start(observe: (observation: Observation) => void): void {
    this.observe = observe;
  }

  stop(): Promise<void> {
    this.observe = undefined;
    this.isStopped = true;
    return Promise.resolve();
  }

  /** One message with its header, heard at `readAt` (ms since 1970); nothing is told before the map is live. */
  heard(text: string, readAt: number): void {
    if (this.observe === undefined) return;
    const message = readSwitchMessage(text);
    if (message === undefined) return void this.counted.others++;
    this.counted.understood++;
    const observation = messageObservation(message, this.at, readAt);
    if (observation === undefined) return;
    this.counted.claims++;
    this.observe(observation);
  }
}
