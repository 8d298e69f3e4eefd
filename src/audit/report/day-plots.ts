import { escaped } from '../escaped.js';
import type { DayReport } from './day-report.js';

// Drawn with what a sheet of paper shows as well: no script, no colour that alone tells something.

const [width, height, foot] = [720, 120, 18];
/** More bars than this are drawn together. */
const mostBars = 96;

/** Events by the hour as bars, and in front of them the violations. */
export function hoursPlot(hours: DayReport['hours']): string {
  const bars = together(hours);
  const most = Math.max(1, ...bars.map(({ events }) => events));
  const mostViolations = Math.max(1, ...bars.map(({ violations }) => violations));
  const step = width / bars.length;
  const drawn = bars.flatMap(({ from, events, violations }, at) => {
    const x = (at * step).toFixed(1);
    const wide = Math.max(1, step - 2).toFixed(1);
    const title = `<title>${escaped(`${from}: ${events} events, ${violations} violations`)}</title>`;
    const tall = (height * events) / most;
    const bar = `<rect class="events" x="${x}" y="${(height - tall).toFixed(1)}" width="${wide}" height="${tall.toFixed(1)}">${title}</rect>`;
    const red = (height * violations) / mostViolations / 2;
    const mark = `<rect class="violations" x="${x}" y="${(height - red).toFixed(1)}" width="${(Number(wide) / 2).toFixed(1)}" height="${red.toFixed(1)}">${title}</rect>`;
    return violations === 0 ? [bar] : [bar, mark];
  });
  const first = bars[0]?.from ?? '';
  return `<svg viewBox="0 0 ${width} ${height + foot}" role="img" aria-label="Events and violations by the hour">
${drawn.join('\n')}
<line x1="0" y1="${height}" x2="${width}" y2="${height}" />
<text x="0" y="${height + 14}">${escaped(first.slice(0, 16).replace('T', ' '))}</text>
<text x="${width}" y="${height + 14}" text-anchor="end">most: ${most} events, ${mostViolations === 1 && bars.every(({ violations }) => violations === 0) ? 0 : mostViolations} violations an hour</text>
</svg>`;
}

/** How loud each is beside the loudest, as one bar a line. */
export function loudnessBar(frames: number, loudest: number): string {
  const long = ((100 * frames) / Math.max(1, loudest)).toFixed(1);
  return `<svg class="loud" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="violations" width="${long}" height="8" /></svg>`;
}

function together(hours: DayReport['hours']): DayReport['hours'] {
  const size = Math.ceil(hours.length / mostBars);
  return Array.from({ length: Math.ceil(hours.length / size) }, (_, at) => {
    const some = hours.slice(at * size, (at + 1) * size);
    const sum = (of: (hour: DayReport['hours'][number]) => number): number =>
      some.reduce((total, hour) => total + of(hour), 0);
    return {
      from: some[0]?.from ?? '',
      events: sum((hour) => hour.events),
      violations: sum((hour) => hour.violations),
    };
  });
}
