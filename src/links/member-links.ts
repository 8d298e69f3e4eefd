/** What one device of a logical switch showed of a port; `unknown` until it was read. */
export type MemberLink = 'up' | 'down' | 'unknown';

/** A port on several devices is up while any of them is; it is down when all of them were read and none is up. */
export function linkOfMembers(members: Iterable<MemberLink>): MemberLink {
  let isRead = false;
  let isUnknown = false;
  for (const link of members) {
    if (link === 'up') return 'up';
    isRead = true;
    isUnknown ||= link === 'unknown';
  }
  return isRead && !isUnknown ? 'down' : 'unknown';
}
