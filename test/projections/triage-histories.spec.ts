import { containmentOf, type LogFold, type ViolationRow } from '../../projections/index.js';
import { forgery } from '../support/forgery.js';
import {
  containmentRefused,
  containmentRequested,
  instantOf,
  serverAdded,
  serverRemoved,
  serverResumed,
  serverSuspended,
  violationAcknowledged,
  violationCommented,
  violationDetected,
  violationExonerated,
  violationMarkedFalsePositive,
  violationQuiet,
  violationRepeated,
  violationResolved,
  violationTicketLinked,
} from '../support/history.js';
import { retold } from '../support/retold.js';

const by = 'token:night-shift';
const given = [
  serverAdded('srv-66', { customerId: 'cust-66', port: 'leaf1:Ethernet66', vlan: 66 }, 0),
  violationDetected('v1', forgery, 1),
];
const taken = violationAcknowledged('v1', { by, assignee: 'token:network' }, 5);
const resolved = violationResolved('v1', { by, comment: 'unplugged' }, 10);
const wrong = violationMarkedFalsePositive('v1', { by, comment: 'a cluster' }, 10);
const heard = (from: number, to: number) =>
  violationRepeated('v1', { count: 2, firstFrameTime: instantOf(from), lastFrameTime: instantOf(to) }, to);
const quiet = (last: number, at: number) => violationQuiet('v1', { lastFrameTime: instantOf(last), hours: 24 }, at);
const asked = containmentRequested('v1', { serverId: 'srv-66', by, reason: 'it forges', evidence: '/e' }, 12);
const streamOrderDecides = 'what people do about a violation counts in the order they did it';

function rowIn({ map }: LogFold): ViolationRow {
  const row = map.violations.get('v1');
  if (row === undefined) throw new Error('The violation is gone.');
  return row;
}

/** What the history holds, each kind of entry once: a telling that says all of it twice holds each twice. */
function toldOf(fold: LogFold): string[] {
  return [...new Set((rowIn(fold).history ?? []).map(({ what }) => what))].sort();
}

function is(fold: LogFold, expected: Partial<ViolationRow>, ...absent: (keyof ViolationRow)[]): void {
  const row = rowIn(fold);
  expect(row).toMatchObject(expected);
  expect(absent.filter((name) => name in row)).toEqual([]);
}

const at = (minute: number): number => Date.parse(instantOf(minute));

describe('a violation', () => {
  retold('that was acknowledged is its assignee’s, since the first time', {
    given,
    when: [taken, violationAcknowledged('v1', { by, assignee: 'token:lab' }, 6)],
    streamOrderDecides,
    then: (fold) => is(fold, { state: 'acknowledged', assignee: 'token:lab', acknowledgedAt: at(5) }, 'closedAt'),
  });

  retold('that was resolved is closed, by whoever took it up before', {
    given,
    when: [taken, resolved],
    streamOrderDecides,
    then: (fold) => {
      is(fold, { state: 'resolved', assignee: 'token:network', closedAt: at(10) }, 'acknowledgedAt', 'reopenedFrom');
      expect(toldOf(fold)).toEqual(['acknowledged', 'resolved']);
    },
  });

  retold('that was resolved is new again by a frame of later, and nobody’s', {
    given,
    when: [taken, resolved, heard(9, 11)],
    streamOrderDecides,
    then: (fold) => {
      is(fold, { state: 'new', reopenedFrom: 'resolved', lastSeen: at(11) }, 'assignee', 'acknowledgedAt', 'closedAt');
      expect(toldOf(fold)).toEqual(['acknowledged', 'reopened', 'resolved']);
    },
  });

  retold('that was resolved stays so when frames of before are counted', {
    given,
    when: [taken, resolved, heard(8, 10)],
    streamOrderDecides,
    then: (fold) => is(fold, { state: 'resolved', lastSeen: at(10), closedAt: at(10) }, 'reopenedFrom'),
  });

  retold('that was exonerated is new again by a frame of later, and names the fact still', {
    given,
    when: [violationExonerated('v1', { eventId: 'fact-7', reason: 'sold before' }, 10), heard(11, 12)],
    streamOrderDecides,
    then: (fold) => is(fold, { state: 'new', reopenedFrom: 'exonerated', exoneratedBy: 'fact-7' }, 'closedAt'),
  });

  retold('that is a false positive stays closed, whatever is heard', {
    given,
    when: [taken, wrong, heard(11, 12), violationExonerated('v1', { eventId: 'fact-7', reason: 'sold late' }, 13)],
    streamOrderDecides,
    then: (fold) => is(fold, { state: 'false-positive', closedAt: at(10), lastSeen: at(12) }, 'exoneratedBy'),
  });

  retold('that is a false positive is open again for whoever takes the word back', {
    given,
    when: [wrong, violationAcknowledged('v1', { by, assignee: by }, 14)],
    streamOrderDecides,
    then: (fold) => is(fold, { state: 'acknowledged', assignee: by, acknowledgedAt: at(14) }, 'closedAt'),
  });

  retold('carries what was said of it, and its latest ticket, in whatever state', {
    given,
    when: [
      violationCommented('v1', { by, text: 'who is it?' }, 3),
      violationTicketLinked('v1', { by, url: 'https://tickets.example/1' }, 4),
      resolved,
      violationTicketLinked('v1', { by, url: 'https://tickets.example/2' }, 11),
      violationCommented('v1', { by, text: 'the customer called' }, 12),
    ],
    streamOrderDecides,
    then: (fold) => {
      is(fold, { state: 'resolved', ticket: 'https://tickets.example/2', closedAt: at(10) });
      expect(toldOf(fold)).toEqual(['commented', 'resolved', 'ticket']);
      expect(rowIn(fold).history?.at(-1)).toMatchObject({ what: 'commented', by, text: 'the customer called' });
    },
  });

  retold('that was silent for long is marked quiet, and keeps its state', {
    given,
    when: [taken, heard(6, 7), quiet(7, 20)],
    streamOrderDecides,
    then: (fold) => is(fold, { state: 'acknowledged', quiet: true, assignee: 'token:network' }, 'closedAt'),
  });

  retold('is not quiet where it was heard before its silence was told', {
    given,
    when: [heard(6, 19), quiet(7, 20)],
    streamOrderDecides,
    then: (fold) => is(fold, { state: 'new', lastSeen: at(19) }, 'quiet'),
  });

  retold('is quiet no more once it is closed', {
    given,
    when: [quiet(1, 5), resolved, quiet(1, 20)],
    streamOrderDecides,
    then: (fold) => is(fold, { state: 'resolved' }, 'quiet'),
  });

  retold('that is said to be detected once more is the one it was', {
    given,
    when: [taken, violationDetected('v1', { ...forgery, frameTime: instantOf(8) }, 9)],
    streamOrderDecides,
    then: (fold) => is(fold, { state: 'acknowledged', assignee: 'token:network', count: 1, lastSeen: at(1) }),
  });

  retold('that nobody detected is no row, whatever is done about it', {
    when: [taken, resolved, heard(9, 11), asked, quiet(1, 20)],
    then: ({ map }) => expect(map.violations.size).toBe(0),
  });
});

describe('a containment', () => {
  const stateIn = (fold: LogFold) => containmentOf(fold.map, rowIn(fold))?.state;
  const suspended = serverSuspended('srv-66', {}, 13);
  const refusal = containmentRefused('srv-66', { violationId: 'v1', reason: 'until noon' }, 13);

  retold('is requested while billing says nothing', {
    given,
    when: [taken, asked],
    streamOrderDecides,
    then: (fold) => {
      expect(stateIn(fold)).toBe('requested');
      is(fold, { state: 'acknowledged', containmentAt: at(12) });
    },
  });

  retold('is what billing did, whether it did so before it was asked or after', {
    given,
    when: [asked, suspended],
    streamOrderDecides,
    then: (fold) => expect(stateIn(fold)).toBe('suspended'),
  });

  retold('is over once billing lets the server run again', {
    given,
    when: [asked, suspended, serverResumed('srv-66', {}, 14)],
    streamOrderDecides,
    then: (fold) => expect(stateIn(fold)).toBe('resumed'),
  });

  retold('is over once the server is sold no more', {
    given,
    when: [asked, serverRemoved('srv-66', {}, 14)],
    streamOrderDecides,
    then: (fold) => expect(stateIn(fold)).toBe('removed'),
  });

  retold('is refused by billing’s word after it was asked', {
    given,
    when: [asked, refusal],
    logOrderDecides: 'an answer before the question is none',
    then: (fold) => {
      expect(stateIn(fold)).toBe('refused');
      is(fold, { state: 'new', containmentRefused: 'until noon' });
    },
  });

  retold('is nothing by a refusal of what nobody asked', {
    given,
    when: [taken, refusal],
    streamOrderDecides,
    then: (fold) => {
      expect(stateIn(fold)).toBeUndefined();
      is(fold, { state: 'acknowledged' }, 'containmentRefused', 'containmentAt');
      expect(toldOf(fold)).toEqual(['acknowledged']);
    },
  });

  retold('is nothing for a violation that was closed before', {
    given,
    when: [resolved, asked, suspended],
    streamOrderDecides,
    then: (fold) => expect(stateIn(fold)).toBeUndefined(),
  });
});
