import type { VNode } from 'preact';

const height = 28;
const step = 8;

/** Frames of each hour as bars. */
export function Bars({ frames }: { readonly frames: readonly number[] }): VNode {
  const most = Math.max(1, ...frames);
  return (
    <svg
      class="bars"
      viewBox={`0 0 ${frames.length * step} ${height}`}
      width={frames.length * step}
      height={height}
      aria-hidden="true"
    >
      {frames.map((count, hour) => {
        const tall = count === 0 ? 1 : Math.max(3, Math.round((count / most) * height));
        return (
          <rect
            key={hour}
            class={count === 0 ? 'zero' : ''}
            x={hour * step}
            y={height - tall}
            width={step - 2}
            height={tall}
          />
        );
      })}
    </svg>
  );
}

/** The bars; the words beside them say the same. */
export function Sparkline({ frames }: { readonly frames: readonly number[] }): VNode {
  const sum = frames.reduce((total, count) => total + count, 0);
  const hours = frames.filter((count) => count > 0).length;
  return (
    <p class="sparkline">
      <Bars frames={frames} />
      <span>
        {sum.toLocaleString('en')} {sum === 1 ? 'frame' : 'frames'} in 24 h, in {hours} {hours === 1 ? 'hour' : 'hours'}{' '}
        of them
      </span>
    </p>
  );
}
