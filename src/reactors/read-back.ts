import { type DeviceHands, routeReadBackPauseMs, routeReadBackTries } from './device-hands.js';
import type { Actual } from './plan.js';
import { type ShownLine, visibleLines } from './recorder.js';

/**
 * What the device shows after a push, given the daemon and the kernel a moment to take a route in or out.
 * The waiting ends as soon as there is something that may not wait: a withdrawal waits for no reading back.
 */
export async function readBack(
  hands: DeviceHands,
  lines: readonly ShownLine[],
  isUrgent: (actual: Actual) => boolean,
): Promise<Actual | undefined> {
  const routes = lines.filter((line) => line.kind === 'route');
  let actual = await hands.readWhatAnswers();
  for (let tries = 0; tries < routeReadBackTries; tries++) {
    if (actual?.bgp === undefined) break;
    const seen = visibleLines(actual);
    if (routes.every((line) => seen.has(line.line) === (line.change === 'add'))) break;
    if (isUrgent(actual)) break;
    await new Promise((resolve) => setTimeout(resolve, routeReadBackPauseMs));
    actual = await hands.readWhatAnswers();
  }
  return actual;
}
