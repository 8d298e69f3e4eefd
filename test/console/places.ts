// Any place of the console, page by page: a view without a line here does not compile.
import fc from '../support/property.js';
import { entityKinds } from '../../src/console/find/find-place.js';
import { filterNames } from '../../src/console/filter.js';
import { groupings } from '../../src/console/grouped.js';
import { logFilterNames } from '../../src/console/log/log-place.js';
import { mapFilterNames, timeTabs } from '../../src/console/time/time-place.js';
import { lists } from '../../src/console/overview/place.js';
import type { Place } from '../../src/console/place.js';

// A browser takes these two for steps in a path; no port and no violation is called so.
const text = fc.string({ minLength: 1, unit: 'grapheme' }).filter((name) => name !== '.' && name !== '..');

type Places = { readonly [View in Place['view']]: fc.Arbitrary<Extract<Place, { view: View }>> };

export const anyPlace: Places = {
  overview: fc.constant({ view: 'overview' }),
  difference: fc.record(
    { view: fc.constant('difference'), list: fc.constantFrom(...lists), cursor: text },
    { requiredKeys: ['view', 'list'], noNullPrototype: true },
  ),
  feed: fc.record(
    {
      view: fc.constant('feed'),
      filter: fc.dictionary(fc.constantFrom(...filterNames), text, { noNullPrototype: true }),
      group: fc.constantFrom(...groupings),
      open: text,
    },
    { requiredKeys: ['view', 'filter'], noNullPrototype: true },
  ),
  devices: fc.constant({ view: 'devices' }),
  device: fc.record({ view: fc.constant('device'), device: text }, { noNullPrototype: true }),
  log: fc.record(
    {
      view: fc.constant('log'),
      ...(Object.fromEntries(logFilterNames.map((name) => [name, text])) as Record<
        (typeof logFilterNames)[number],
        typeof text
      >),
      oldest: fc.constant(true as const),
      from: fc.nat(),
      ordinal: fc.nat(),
    },
    { requiredKeys: ['view'], noNullPrototype: true },
  ),
  time: fc.record(
    {
      view: fc.constant('time'),
      ...(Object.fromEntries(mapFilterNames.map((name) => [name, text])) as Record<
        (typeof mapFilterNames)[number],
        typeof text
      >),
      at: fc.nat(),
      other: fc.nat(),
      tab: fc.constantFrom(...timeTabs),
      device: text,
      valid: text,
    },
    { requiredKeys: ['view'], noNullPrototype: true },
  ),
  renumberings: fc.record(
    { view: fc.constant('renumberings'), state: text, waits: text, text },
    { requiredKeys: ['view'], noNullPrototype: true },
  ),
  pools: fc.record({ view: fc.constant('pools'), customer: text }, { requiredKeys: ['view'], noNullPrototype: true }),
  renumbering: fc.record({ view: fc.constant('renumbering'), renumberingId: text }, { noNullPrototype: true }),
  'log-state': fc.constant({ view: 'log-state' }),
  find: fc.record({ view: fc.constant('find'), text: fc.oneof(fc.constant(''), text) }, { noNullPrototype: true }),
  entity: fc.record(
    { view: fc.constant('entity'), kind: fc.constantFrom(...entityKinds), name: text, knownAt: text },
    { requiredKeys: ['view', 'kind', 'name'], noNullPrototype: true },
  ),
  switches: fc.record(
    { view: fc.constant('switches'), text, state: text, after: text },
    { requiredKeys: ['view'], noNullPrototype: true },
  ),
  switch: fc.record(
    { view: fc.constant('switch'), switch: text, state: text },
    { requiredKeys: ['view', 'switch'], noNullPrototype: true },
  ),
  ports: fc.constant({ view: 'ports' }),
  port: fc.record({ view: fc.constant('port'), port: text }, { noNullPrototype: true }),
};
