import type { AccessNews } from './access-news.js';
import type { TokenRecord } from './tokens-file.js';
import type { UserRecord } from './users-file.js';

type Entries<Entry> = ReadonlyMap<string, Entry>;

/** What became of the local users between two readings of their file. */
export function userNews(before: Entries<UserRecord>, now: Entries<UserRecord>): AccessNews[] {
  return differences(before, now).map(({ change, entry, former }) => ({
    type: 'UserChanged',
    data: {
      user: entry.name,
      change,
      ...rolesOf(entry.roles, former?.roles),
      disabled: entry.isDisabled === true,
      newPassword: change !== 'removed' && entry.passwordSetAt !== former?.passwordSetAt,
    },
  }));
}

/** What became of the tokens. */
export function tokenNews(before: Entries<TokenRecord>, now: Entries<TokenRecord>): AccessNews[] {
  return differences(before, now).map(({ change, entry: { id, name, scopes, expiresAt }, former }) => ({
    type: 'TokenChanged',
    data: { tokenId: id, name, change, ...rolesOf(scopes, former?.scopes), ...endOf(expiresAt) },
  }));
}

/** In the one spelling of events; the file takes whatever JavaScript reads as a time. */
function endOf(expiresAt: string | undefined): { readonly expiresAt?: string } {
  const spelled = expiresAt === undefined ? '' : new Date(expiresAt).toISOString();
  return /^\d{4}-/.test(spelled) ? { expiresAt: spelled } : {};
}

/** Tells what changed from one reading to the next; the first is only remembered. */
export function sinceLastReading<Entry>(
  newsOf: (before: Entries<Entry>, now: Entries<Entry>) => readonly AccessNews[],
  tell: (news: AccessNews) => void,
): (now: Entries<Entry>) => void {
  let last: Entries<Entry> | undefined;
  return (now) => {
    const before = last;
    last = now;
    if (before !== undefined) for (const news of newsOf(before, now)) tell(news);
  };
}

interface Difference<Entry> {
  readonly change: 'added' | 'changed' | 'removed';
  /** As it is now; as it was, where it was removed. */
  readonly entry: Entry;
  /** As it was, where it stayed. */
  readonly former?: Entry;
}

function differences<Entry>(before: Entries<Entry>, now: Entries<Entry>): Difference<Entry>[] {
  const stayedOrCame = [...now].flatMap(([key, entry]): Difference<Entry>[] => {
    const former = before.get(key);
    if (former === undefined) return [{ change: 'added', entry }];
    return JSON.stringify(former) === JSON.stringify(entry) ? [] : [{ change: 'changed', entry, former }];
  });
  const went = [...before].filter(([key]) => !now.has(key));
  return [...stayedOrCame, ...went.map(([, entry]): Difference<Entry> => ({ change: 'removed', entry }))];
}

function rolesOf(
  roles: readonly string[],
  formerRoles: readonly string[] | undefined,
): { readonly roles: readonly string[]; readonly formerRoles?: readonly string[] } {
  const stayed = formerRoles === undefined || formerRoles.join() === roles.join();
  return stayed ? { roles } : { roles, formerRoles };
}
