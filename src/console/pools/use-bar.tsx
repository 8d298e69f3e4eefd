import type { VNode } from 'preact';
import { parts, type PoolUse, useInWords } from './pool.js';

/** How full a range is, as a bar; what little there is of something is still seen. */
export function UseBar({ use }: { readonly use: PoolUse }): VNode {
  let from = 0;
  const drawn = parts.flatMap(([part]) => {
    if (use[part] === 0) return [];
    const width = Math.max(1, (100 * use[part]) / use.size);
    const left = Math.min(from, 100 - width);
    from += width;
    return [<rect key={part} class={part} x={left} width={width} height="10" />];
  });
  return (
    <svg class="use" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label={useInWords(use)}>
      <title>{useInWords(use)}</title>
      <rect class="free" width="100" height="10" />
      {drawn}
    </svg>
  );
}
