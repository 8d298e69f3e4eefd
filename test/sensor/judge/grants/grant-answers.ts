// Histories dealt out in pages, and every question that they can make a difference to.
import fc from '../../../support/property.js';
import {
  type ChangedRow,
  GrantChanges,
  type Grants,
  type GrantRecords,
  LogFold,
  type NetbootPrefixes,
} from '../../../../projections/index.js';
import {
  contestedHistories,
  hearsayFacts,
  interleaved,
  separateHistories,
} from '../../../support/arbitrary-histories.js';
import { type Fact, stored } from '../../../support/history.js';
import type { Ipv4Prefix } from '../../../../events/index.js';

/** What machines without a sold IPv4 address are started from in these histories. */
export const netboot: NetbootPrefixes = new Map([
  ['leaf1', '10.64.0.0/18' as Ipv4Prefix],
  ['leaf2', '10.64.64.0/23' as Ipv4Prefix],
]);

/** Histories of servers that contend or do not, with hearsay between, and the sizes of pages. */
export const pagedLogs = fc
  .tuple(
    fc.oneof(contestedHistories(60), separateHistories(60)),
    hearsayFacts(20),
    fc.array(fc.boolean(), { maxLength: 80 }),
  )
  .chain(([billing, hearsay, picks]) => {
    const log = interleaved(billing, hearsay, picks);
    const pages = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: log.length, maxLength: log.length });
    return fc.record({ log: fc.constant(log), pages });
  });

const addresses = [
  ...[1, 2, 3, 4, 9].map((last) => `198.51.100.${last}`),
  ...['2001:db8::1', '2001:db8:1::1', '2001:db8:1:1::1', '2001:db8:2::1', '2001:db8:3:1:1::5', '2001:db8:2:1:1:8::'],
  // Machines on VLAN 11, 12, 101 and 105 of leaf1, and of leaf2, and what is none beside them.
  ...[
    '10.64.0.46',
    '10.64.0.50',
    '10.64.1.150',
    '10.64.1.166',
    '10.64.64.46',
    '10.64.65.150',
    '10.64.0.45',
    '10.64.0.47',
  ],
  ...['fe80::1', 'fe80::16', '::ffff:198.51.100.1', '10.0.0.1', '::'],
];
const macs = [1, 2, 3, 4, 5, 6, 7, 8].map((last) => `52:54:00:00:00:0${last}`).concat('02:00:00:00:00:01');
const ports = [1, 2, 3, 4, 5, 6, 7, 8].flatMap((last) => [`leaf1:Ethernet${last}`, `leaf2:Ethernet${last}`]);
const vlans = [11, 12, 101, 102, 103, 104, 105, 106, 107, 108];

/** Every answer to every question that the histories can make a difference to. */
export function answersOf(grants: Grants): unknown {
  const onSwitches = ['leaf1', 'leaf2', 'leaf3'].flatMap((name) =>
    [undefined, ...vlans].map((vlan) => [
      vlan === undefined ? undefined : grants.expectedOn(name, vlan),
      addresses.filter((one) => grants.isGatewayAddress(name, vlan, one)),
      macs.filter((one) => grants.isGatewayMac(name, vlan, one)),
    ]),
  );
  return {
    ordinal: grants.ordinal,
    owners: addresses.map((one) => grants.ownerOfAddress(one)),
    ofMac: macs.map((one) => grants.ownersOfMac(one)),
    formerMac: macs.map((one) => grants.formerOwnersOfMac(one)),
    formerAddress: addresses.map((one) => grants.formerOwnersOfAddress(one)),
    links: ports.map((one) => grants.linkOf(one)),
    onPort: ports.map((one) => grants.expectedOnPort(one)),
    onSwitches,
  };
}

export function* paged(log: readonly Fact[], pages: readonly number[]): Generator<Fact[]> {
  for (let at = 0, page = 0; at < log.length; page++) {
    const size = pages[page] ?? 1;
    yield log.slice(at, at + size);
    at += size;
  }
}

export const noRecords = (ordinal: number): GrantRecords => ({
  ordinal,
  servers: [],
  gateways: [],
  links: [],
  exceptions: [],
});

/** A fold of pages, and the records that each of them touches. */
export function foldOfPages(): { fold: LogFold; next: (page: readonly Fact[]) => GrantRecords } {
  let changed: ChangedRow[] = [];
  const fold = new LogFold({ onChange: (table, key) => changed.push({ table, key }) });
  const changes = new GrantChanges(fold.map, netboot);
  return {
    fold,
    next: (page) => {
      for (const event of stored(page, fold.ordinal + 1)) fold.fold(event);
      const touched = changes.touchedBy(changed, fold.ordinal);
      changed = [];
      return touched ?? noRecords(fold.ordinal);
    },
  };
}
