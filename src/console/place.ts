import { devicesPage, type DevicesPlace } from './devices/devices-place.js';
import { feedPage, type FeedPlace } from './feed-place.js';
import { findPage, type FindPlace } from './find/find-place.js';
import { logPage, type LogPlace } from './log/log-place.js';
import { overviewPage, type OverviewPlace } from './overview/place.js';
import type { AnyPlace, PageOf } from './page.js';
import { poolsPage, type PoolsPlace } from './pools/pools-place.js';
import { portsPage, type PortsPlace } from './ports-place.js';
import { renumberingsPage, type RenumberingsPlace } from './renumberings/renumberings-place.js';
import { may, type Session } from './session.js';
import { switchesPage, type SwitchesPlace } from './switches/switches-place.js';
import { timePage, type TimePlace } from './time/time-place.js';

/** What the page shows, wholly told by its address: copied, it shows somebody else the same. */
export type Place =
  | OverviewPlace
  | FeedPlace
  | SwitchesPlace
  | PortsPlace
  | DevicesPlace
  | RenumberingsPlace
  | PoolsPlace
  | TimePlace
  | LogPlace
  | FindPlace;

/** The table of pages, in the order of the bar; the view of each place is in `views.ts`. */
const table = [
  overviewPage,
  feedPage,
  switchesPage,
  portsPage,
  devicesPage,
  renumberingsPage,
  poolsPage,
  timePage,
  logPage,
  findPage,
] as const;

/** Any page: one of the table takes the places of its own views only, which `pageOf` sees to. */
export type Page = PageOf<Place>;
export const pages: readonly Page[] = table as unknown as readonly Page[];

const base = '/console/';

/** Reads an address; undefined for one that names no place, such as `/console/` itself. */
export function placeOf(pathname: string, search: string): Place | undefined {
  const [first = '', ...steps] = pathname.slice(base.length).split('/').map(decoded);
  const page = pages.find(({ step }) => step === first);
  return page?.read(
    steps.filter((step) => step !== ''),
    new URLSearchParams(search),
  );
}

/** The address of a place. */
export function pathOf(place: Place): string {
  const page = pageOf(place);
  const { steps, query } = page.write(place);
  const text = query?.toString() ?? '';
  return `${base}${[page.step, ...steps].map(encodeURIComponent).join('/')}${text === '' ? '' : `?${text}`}`;
}

/** The page a place belongs to. */
export function pageOf({ view }: AnyPlace): Page {
  const page = pages.find(({ views }) => views.some((one) => one === view));
  if (page === undefined) throw new Error(`No page of the table in place.ts has the view ${view}: add it there.`);
  return page;
}

/** The pages that the engine lets somebody see. */
export const pagesFor = (session: Pick<Session, 'permissions'>): readonly Page[] =>
  pages.filter(({ needs }) => may(session, needs));

/** Where somebody is who named no place: the first page they may see. */
export const homeOf = (session: Pick<Session, 'permissions'>): Place => (pagesFor(session)[0] ?? feedPage).start;

/** A name in an address that no encoder wrote is taken as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
