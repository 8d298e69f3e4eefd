import type { PageOf } from './page.js';

/** The ports that were sold, or one port. */
export type PortsPlace = { readonly view: 'ports' } | { readonly view: 'port'; readonly port: string };

export const portsPage: PageOf<PortsPlace> = {
  name: 'Ports',
  letter: 'p',
  step: 'ports',
  needs: 'GET /v1/map',
  start: { view: 'ports' },
  views: ['ports', 'port'],
  read: ([port]) => (port === undefined ? { view: 'ports' } : { view: 'port', port }),
  write: (place) => ({ steps: place.view === 'port' ? [place.port] : [] }),
};
