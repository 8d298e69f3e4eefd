import { HintGate } from './hint-gate.js';
import type { LinkMessage } from './link-message.js';

/** A device whose messages are listened to. */
export interface HintedDevice {
  readonly name: string;
  /** Addresses it sends from, in the one spelling of `events` (IPv4-mapped ones as IPv4). */
  readonly senders: readonly string[];
  /** The interfaces whose link state is a port's. */
  readonly interfaces: ReadonlySet<string>;
  /** Reads one interface again, or all of them. */
  read(interfaceName: string | undefined): void;
  /** Takes the message itself for the state of the port; called only for listeners that are trusted. */
  believe(interfaceName: string, up: boolean): void;
}

/** What was heard since the start. */
export interface HintCounts {
  /** Messages about a link of a device that is known. */
  readonly hints: number;
  /** About interfaces that are no port of ours. */
  readonly otherInterfaces: number;
  /** From addresses that no device of the configuration names. */
  readonly unknownSenders: number;
  /** The last of them. */
  readonly lastUnknownSender: string | undefined;
  /** From a known sender, and not about a link. */
  readonly otherMessages: number;
  /** Traps that could not be read, or whose community, user or key is not ours. */
  readonly refused: number;
}

/**
 * "Read this interface of the device that owns this sender address again": that is all a message means, whoever sent it.
 * The text of a message is compared with names of the configuration and goes nowhere else.
 */
export class Hints {
  private readonly bySender = new Map<string, HintedDevice>();
  private readonly gates = new Map<string, HintGate>();
  private counted = { hints: 0, otherInterfaces: 0, unknownSenders: 0, otherMessages: 0, refused: 0 };
  private lastUnknownSender: string | undefined;

  constructor(devices: readonly HintedDevice[]) {
    for (const device of devices) {
      for (const sender of device.senders) this.bySender.set(sender, device);
      const gate = new HintGate((interfaces) => {
        if (interfaces.has(undefined)) device.read(undefined);
        else for (const one of interfaces) device.read(one);
      });
      this.gates.set(device.name, gate);
    }
  }

  get counts(): HintCounts {
    return { ...this.counted, lastUnknownSender: this.lastUnknownSender };
  }

  /** Asked before anything is done with what came from an address; counts those that are unknown. */
  knows(sender: string): boolean {
    if (this.bySender.has(sender)) return true;
    this.counted.unknownSenders++;
    this.lastUnknownSender = sender;
    return false;
  }

  refused(): void {
    this.counted.refused++;
  }

  /** @param message undefined for one that is not about a link */
  heard(sender: string, message: LinkMessage | undefined, trusted: boolean): void {
    const device = this.bySender.get(sender);
    if (device === undefined) return;
    if (message === undefined) {
      this.counted.otherMessages++;
      return;
    }
    if (message.interface !== undefined && !device.interfaces.has(message.interface)) {
      this.counted.otherInterfaces++;
      return;
    }
    this.counted.hints++;
    const gate = this.gates.get(device.name);
    if (trusted && message.interface !== undefined && message.up !== undefined) {
      device.believe(message.interface, message.up);
      gate?.later(message.interface); // at once the device might still show what was before
    } else gate?.hint(message.interface);
  }

  close(): void {
    for (const gate of this.gates.values()) gate.close();
  }
}
