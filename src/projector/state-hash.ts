import { createHash } from 'node:crypto';
import { bytesOfImage, type FoldImage } from '../../projections/index.js';

/** SHA-256 of everything a fold remembers: equal for equal state, whatever history or layout in memory led to it. */
export function stateHash(image: FoldImage): string {
  const hash = createHash('sha256');
  for (const piece of bytesOfImage(image)) hash.update(piece);
  return hash.digest('hex');
}
