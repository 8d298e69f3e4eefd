import type { IpAddress } from '../../events/index.js';
import type { NeighbourEntry, SwitchDriver } from '../drivers/switch/switch.port.js';
import type { Journal } from './journal.js';
import { neighbourLine } from './lines.js';

/** Which entry of somebody else's is to be ours. */
export interface Adoption {
  readonly address: string;
  readonly interface: string;
  /** Id of the operator's token. */
  readonly by: string;
  readonly typed: string | undefined;
}

export type AdoptOutcome =
  /** Read back as ours. */
  | { readonly said: 'adopted'; readonly line: string }
  | { readonly said: 'not-found' }
  | { readonly said: 'confirmation-needed'; readonly words: string }
  | { readonly said: 'cannot' }
  /** Reading back does not show it as ours. */
  | { readonly said: 'failed'; readonly line: string };

/** What an operator types to take an entry over. */
export const wordsToAdopt = (entry: Pick<NeighbourEntry, 'address' | 'interface'>): string =>
  `adopt ${entry.address} on ${entry.interface}`;

/** Marks an entry of somebody else's as ours: journaled before, read back after. Rejects with what device or log say. */
export async function adopt(device: SwitchDriver, journal: Journal, wanted: Adoption): Promise<AdoptOutcome> {
  const is = (entry: NeighbourEntry): boolean =>
    entry.address === (wanted.address as IpAddress) && entry.interface === wanted.interface;
  const found = (await device.read()).neighbours.find((entry) => !entry.ours && is(entry));
  if (found === undefined) return { said: 'not-found' };
  if (device.adopt === undefined) return { said: 'cannot' };
  const words = wordsToAdopt(found);
  if (wanted.typed !== words) return { said: 'confirmation-needed', words };
  const line = neighbourLine(found);
  await journal.adopted(line, wanted.by);
  await device.adopt(found);
  const after = (await device.read()).neighbours.find(is);
  return { said: after?.ours === true && after.mac === found.mac ? 'adopted' : 'failed', line };
}
