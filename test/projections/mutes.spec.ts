import { type LogFold, Mutes } from '../../projections/index.js';
import { forgery } from '../support/forgery.js';
import { instantOf, violationDetected, violationMuted, violationMuteEnded } from '../support/history.js';
import { retold } from '../support/retold.js';

const by = 'token:night-shift';
const said = { reason: 'known', until: instantOf(60), by };
const { rule, port, offenderCustomerId: customerId } = forgery;
const at = (minute: number): number => Date.parse(instantOf(minute));

/** The mute that hides a violation of each port at a minute. */
function hidden({ map }: LogFold, minute: number): Record<string, string | undefined> {
  const mutes = new Mutes();
  for (const mute of map.mutes.values()) mutes.put(mute);
  const rows = [...map.violations.values()];
  return Object.fromEntries(rows.map((row) => [row.violationId, mutes.muting(row, at(minute))?.muteId]));
}

const elsewhere = { ...forgery, port: 'leaf1:Ethernet67' };
const foreign = { ...forgery, port: 'leaf1:Ethernet67', offenderCustomerId: 'cust-1' };
const given = [
  violationDetected('v1', forgery, 1),
  violationDetected('v2', elsewhere, 1),
  violationDetected('v3', foreign, 1),
];
const streamOrderDecides = 'an end follows what it ends';

describe('a mute', () => {
  retold('hides what it names until its time is over, and nothing else', {
    given,
    when: [violationMuted('m1', { violationId: 'v1', ...said }, 10)],
    then: (fold) => {
      expect(hidden(fold, 59)).toEqual({ v1: 'm1' });
      expect(hidden(fold, 60)).toEqual({});
    },
  });

  retold('of a rule at a port, and one of a rule and a customer, hide what is in either', {
    given,
    when: [violationMuted('m1', { rule, port, ...said }, 10), violationMuted('m2', { rule, customerId, ...said }, 11)],
    then: (fold) => expect(hidden(fold, 30)).toEqual({ v1: 'm1', v2: 'm2' }),
  });

  retold('that somebody ended hides nothing, and says who ended it', {
    given,
    when: [
      violationMuted('m1', { violationId: 'v1', ...said }, 10),
      violationMuteEnded('m1', { by: 'token:day-shift', reason: 'it is no cluster' }, 20),
    ],
    streamOrderDecides,
    then: (fold) => {
      expect(hidden(fold, 30)).toEqual({});
      const ended = { endedAt: at(20), endedBy: 'token:day-shift', endReason: 'it is no cluster' };
      expect(fold.map.mutes.get('m1')).toMatchObject(ended);
    },
  });

  retold('is ended once: the second word changes nothing', {
    given,
    when: [
      violationMuted('m1', { violationId: 'v1', ...said }, 10),
      violationMuteEnded('m1', { by }, 20),
      violationMuteEnded('m1', { by: 'expiry' }, 60),
      violationMuted('m1', { violationId: 'v2', ...said }, 61),
    ],
    streamOrderDecides,
    then: (fold) => {
      expect(fold.map.mutes.get('m1')).toMatchObject({ violationId: 'v1', endedAt: at(20), endedBy: by });
      expect(hidden(fold, 30)).toEqual({});
    },
  });

  retold('that ended leaves another one over the same violation in force', {
    given,
    when: [
      violationMuted('m1', { violationId: 'v1', ...said, until: instantOf(90) }, 10),
      violationMuted('m2', { violationId: 'v1', ...said }, 11),
      violationMuteEnded('m1', { by }, 20),
    ],
    streamOrderDecides,
    then: (fold) => expect(hidden(fold, 30)).toEqual({ v1: 'm2' }),
  });

  retold('that ends before anybody set it is none', {
    given,
    when: [violationMuteEnded('m2', { by }, 5), violationMuteEnded('m1', { by: 'expiry' }, 5)],
    then: ({ map }) => expect(map.mutes.size).toBe(0),
  });

  retold('lasts 30 days at most, whatever it says', {
    given,
    when: [violationMuted('m1', { violationId: 'v1', ...said, until: '2027-01-01T00:00:00Z' }, 10)],
    then: (fold) => {
      const days = 24 * 60;
      expect(hidden(fold, 10 + 30 * days - 1)).toEqual({ v1: 'm1' });
      expect(hidden(fold, 10 + 30 * days)).toEqual({});
    },
  });
});
