import { Expect, Optional } from './shape.js';

/** How addresses are handed out from pools to what was bought without one. */
export class AllocationConfig {
  /** How long an address that was given back is kept from all but the server and the customer who gave it back. */
  @Expect('a number of days from 0 to 365', (value) => typeof value === 'number' && value >= 0 && value <= 365)
  coolDownDays = 7;
}

/** Whether a product may be sold at all. */
export class ProductConfig {
  @Expect('"available" or "unavailable"', (value) => value === 'available' || value === 'unavailable')
  status: 'available' | 'unavailable' = 'available';
  /** What is answered while it is not; default that it is not available. */
  @Optional()
  @Expect('a text of 1 to 300 characters', (value) => typeof value === 'string' && value !== '' && value.length <= 300)
  text?: string;
}
