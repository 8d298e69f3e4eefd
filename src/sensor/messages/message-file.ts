import { readSwitchMessage } from './read-switch-message.js';
import type { SwitchMessage } from './switch-message.js';

/** Messages of switches as the list of formats shows them. */
export const messageFormat = {
  name: 'switch-messages',
  vendor: 'Cisco IOS, IOS-XE, NX-OS, Arista EOS, Juniper Junos',
  command: 'show logging',
} as const;

export interface ParsedMessages {
  /** With the number of the line, from 1. */
  readonly messages: readonly (SwitchMessage & { readonly line: number })[];
  /** Lines about something else. */
  readonly others: number;
}

/** The messages of a log, one a line. */
export function parseMessages(text: string): ParsedMessages {
  const lines = text.split('\n');
  const messages = lines.flatMap((line, index) => {
    const message = readSwitchMessage(line);
    return message === undefined ? [] : [{ line: index + 1, ...message }];
  });
  return { messages, others: lines.filter((line) => line.trim() !== '').length - messages.length };
}
