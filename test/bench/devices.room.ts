import { calmMs, carrierFigures } from './carrier.room.js';
import { deadDevicesFigures } from './dead-devices.figures.js';
import { entriesFigures } from './entries.figures.js';
import { planFigures } from './plan.figures.js';
import { repairFigures } from './repair.figures.js';
import { routesFigures } from './routes.figures.js';
import type { BenchRow } from './row.js';

/** What devices cost: a link that comes up, many entries and routes, repairs, plans, and neighbours that are dead. */
export async function devicesRoom(smoke: boolean, say: (text: string) => void): Promise<BenchRow[]> {
  const [rounds, calm] = smoke ? [1, 200] : [200, calmMs];
  return [
    ...(await carrierFigures({ room: 'devices', rounds, calm, goal: 1.5 }, say)).filter(({ limit }) => limit !== null),
    ...(await entriesFigures(smoke, say)),
    ...(await routesFigures(smoke, say)),
    ...(await repairFigures(smoke, say)),
    ...planFigures(smoke, say),
    ...(await deadDevicesFigures(smoke, say)),
  ];
}
