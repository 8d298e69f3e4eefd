import fc from 'fast-check';
import { seedOr } from './seed.js';

export { default } from 'fast-check';

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: seedOr(20_261_127) });
