import type { PageOf } from '../page.js';

/** The devices, or one device. */
export type DevicesPlace = { readonly view: 'devices' } | { readonly view: 'device'; readonly device: string };

export const devicesPage: PageOf<DevicesPlace> = {
  name: 'Devices',
  letter: 'd',
  step: 'devices',
  needs: 'GET /v1/devices',
  start: { view: 'devices' },
  views: ['devices', 'device'],
  read: ([device]) => (device === undefined ? { view: 'devices' } : { view: 'device', device }),
  write: (place) => ({ steps: place.view === 'device' ? [place.device] : [] }),
};
