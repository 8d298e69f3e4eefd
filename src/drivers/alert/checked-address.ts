import { lookup as systemLookup } from 'node:dns/promises';
import type { BlockList } from 'node:net';
import { isIP } from 'node:net';
import { isIn, isPublic } from './public-address.js';

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** Every address of a host name, as the system resolves it. */
export type LookUp = (host: string) => Promise<readonly ResolvedAddress[]>;

export const lookUp: LookUp = (host) => systemLookup(host, { all: true, verbatim: true });

/** Where a request may go, and to which address exactly; or why not. */
export type Checked =
  | {
      readonly address: ResolvedAddress;
      /** Every address of the host is in the allow-list. */ readonly isAllowed: boolean;
    }
  | { readonly problem: string };

/**
 * Resolves a host once and checks every address it has: one that is neither public nor in `allowed` refuses all of them.
 * What is answered is the address to connect to; a name that answers differently the next time changes nothing.
 */
export async function checkAddress(host: string, allowed: BlockList, resolve: LookUp): Promise<Checked> {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  let found: readonly ResolvedAddress[];
  try {
    found = isIP(bare) > 0 ? [{ address: bare, family: isIP(bare) }] : await resolve(bare);
  } catch (error) {
    return { problem: `its name cannot be resolved (${(error as NodeJS.ErrnoException).code ?? 'unknown'})` };
  }
  const [address] = found;
  if (address === undefined) return { problem: 'its name has no address' };
  const refused = found.find((one) => !isPublic(one.address) && !isIn(allowed, one.address));
  if (refused !== undefined)
    return { problem: 'it leads to an internal address; name that network under allow if it is meant' };
  return { address, isAllowed: found.every((one) => isIn(allowed, one.address)) };
}
