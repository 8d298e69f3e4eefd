import type { MessageSource } from './message-source.js';

/** Hands each syslog message that the listeners of the configuration hear to the device that sent it. */
export class HeardMessages {
  private readonly bySender = new Map<string, MessageSource>();

  constructor(readonly sources: readonly MessageSource[]) {
    for (const source of sources) for (const sender of source.senders) this.bySender.set(sender, source);
  }

  /** A message with its header, from an address in its one spelling; those of unknown senders are dropped. */
  heard(sender: string, text: string): void {
    this.bySender.get(sender)?.heard(text, Date.now());
  }
}
