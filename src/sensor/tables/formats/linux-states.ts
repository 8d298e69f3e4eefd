/** A neighbour that the kernel has no answer from, by `ip neigh`'s word for its state. */
export function notResolved(state: string): boolean {
  return state === 'INCOMPLETE' || state === 'FAILED' || state === 'NONE';
}
