import { Expect } from './shape.js';

/** How the addresses that a server is handed out are made of what was sold. */
export class AddressesConfig {
  /** Whether a replaced NIC keeps the IPv6 address of its server (`server`), or gets one made of its own MAC (`mac`). */
  @Expect('"server" or "mac"', (value) => value === 'server' || value === 'mac')
  pairing: 'server' | 'mac' = 'server';
}
