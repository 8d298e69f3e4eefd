import {
  evidenceKept,
  fold,
  instantOf,
  siteSurveyEnded,
  siteSurveyStarted,
  violationDetected,
  violationExonerated,
  violationRepeated,
} from '../support/history.js';
import { retold } from '../support/retold.js';

const found = violationDetected(
  'v1',
  {
    rule: 'address-spoof',
    ruleVersion: 1,
    severity: 'high',
    sensor: 'e66',
    attribution: 'interface',
    site: 'default',
    switch: 'leaf1',
    observation: 'arp-reply',
    etherSource: '52:54:00:00:00:66',
    claimedMac: '52:54:00:00:00:66',
    frameTime: instantOf(1),
    detail: 'claims what it was not sold',
    tentative: false,
    tags: [66],
    trafficFrames: 12,
    basis: '[["ownerOfAddress"]]',
  },
  1,
);
const heardAgain = (from: number, to: number): ReturnType<typeof violationRepeated> =>
  violationRepeated('v1', { count: 2, firstFrameTime: instantOf(from), lastFrameTime: instantOf(to) }, to);
const exonerated = violationExonerated('v1', { eventId: 'fact-7', reason: 'sold before it was heard' }, 10);

describe('a violation', () => {
  it('is open, and leaves what only judging needs to the log', () => {
    const row = fold([found]).map.violations.get('v1');
    expect(row).toMatchObject({ state: 'new', tentative: false });
    expect(Object.keys(row ?? {}).filter((name) => ['basis', 'tags', 'trafficFrames'].includes(name))).toEqual([]);
  });

  it('is exonerated by the fact that says so', () => {
    const row = fold([found, exonerated]).map.violations.get('v1');
    expect(row).toMatchObject({ state: 'exonerated', exoneratedBy: 'fact-7', count: 1 });
  });

  it('stays exonerated when frames of before are counted later, and is open again when it is heard again', () => {
    const counted = fold([found, exonerated, heardAgain(5, 9)]).map.violations.get('v1');
    expect(counted).toMatchObject({ state: 'exonerated', count: 3 });
    const again = fold([found, exonerated, heardAgain(5, 11)]).map.violations.get('v1');
    expect(again).toMatchObject({ state: 'new', count: 3, exoneratedBy: 'fact-7' });
  });

  it('names the digest of its kept frames, the last one that was said', () => {
    const [first, second] = ['a', 'b'].map((one) => evidenceKept('v1', { sha256: one.repeat(64), frames: 10 }, 2));
    const row = fold([found, first, second].flatMap((one) => one ?? [])).map.violations.get('v1');
    expect(row).toMatchObject({ evidenceSha256: 'b'.repeat(64), evidenceFrames: 10 });
  });

  it('that nobody detected is no row', () => {
    expect(fold([exonerated, heardAgain(1, 2)]).map.violations.size).toBe(0);
  });
});

retold('a site is in survey as the latest word says', {
  when: [siteSurveyStarted('fra', 1), siteSurveyEnded('fra', 5), siteSurveyStarted('ams', 2)],
  then: ({ map }) => {
    expect(map.surveys.get('fra')?.inSurvey.value).toBe(false);
    expect(map.surveys.get('ams')?.inSurvey.value).toBe(true);
    expect(map.surveys.get('lon')).toBeUndefined();
  },
});
