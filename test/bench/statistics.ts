/** The value below which this share (0 to 1) of the samples lies, by nearest rank. Throws where there is no sample. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new RangeError('no sample was taken, so there is no percentile');
  return value;
}

export function median(samples: readonly number[]): number {
  return percentile(samples, 0.5);
}
