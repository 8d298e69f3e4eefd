import type { Scene } from './scene.js';
import { forgery, silence } from './scenes-attack.js';
import { changes } from './scenes-billing.js';
import { audit, emptyLog, kill } from './scenes-faults.js';
import { adminBounce, carrier, selling } from './scenes-routes.js';

/** The story, in order: what `npm run demo` tells and the tests assert. */
export const story: readonly Scene[] = [
  selling,
  carrier,
  adminBounce,
  silence,
  forgery,
  changes,
  kill,
  emptyLog,
  audit,
];
