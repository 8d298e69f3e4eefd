import { type Attention, attentionTo, type Signs } from '../../src/control/overview/attention.js';
import { placeOf } from '../../src/console/place.js';

const quiet: Signs = {
  devices: [],
  frozenStreams: [],
  criticalNew: 0,
  silentSensors: [],
  comparisonDiffers: 0,
  checks: [],
  alerts: [],
};
const pagesOf = (signs: Partial<Signs>): string[] => attentionTo({ ...quiet, ...signs }).map(({ page }) => page);
const silent = (sensor: string, more: object = {}): Signs['silentSensors'][number] => ({ sensor, ...more });

describe('what needs a human', () => {
  it('leads from a silent sensor to the front of the switch it listens at, whatever its name', () => {
    expect(pagesOf({ silentSensors: [silent('e66', { switch: 'leaf1' })] })).toEqual(['switches/leaf1']);
    expect(pagesOf({ silentSensors: [silent('odd', { switch: 'a/b' })] })).toEqual(['switches/a%2Fb']);
    expect(placeOf('/console/switches/a%2Fb', '')).toEqual({ view: 'switch', switch: 'a/b' });
  });

  it('leads from sensors that no switch is known of, and from many, to the ports that nobody watches', () => {
    const many = Array.from({ length: 7 }, (_, at) => silent(`s${at}`, { switch: 'leaf1' }));
    expect(pagesOf({ silentSensors: [silent('tables')] })).toEqual(['switches?state=not-watched']);
    expect(pagesOf({ silentSensors: many }).at(-1)).toBe('switches?state=not-watched');
    expect(placeOf('/console/switches', '?state=not-watched')).toEqual({ view: 'switches', state: 'not-watched' });
  });

  it('leads from each prefix that is safe to remove to its renumbering, and many of them hide no other alert', () => {
    const safe = (n: number) => ({ code: 'renumbering-safe-to-remove', key: `rn-${n}`, detail: `srv-${n} lives on` });
    const alerts = [...[1, 2, 3, 4, 5, 6, 7].map(safe), { code: 'log-lag', key: '', detail: 'behind' }];
    expect(pagesOf({ alerts })).toEqual([
      ...[1, 2, 3, 4, 5].map((n) => `renumberings/rn-${n}`),
      'renumberings?state=safe-to-remove',
      'overview',
    ]);
    expect(placeOf('/console/renumberings/rn-1', '')).toEqual({ view: 'renumbering', renumberingId: 'rn-1' });
    const rest = placeOf('/console/renumberings', '?state=safe-to-remove');
    expect(rest).toEqual({ view: 'renumberings', state: 'safe-to-remove' });
  });

  it("names the command where billing's file differs, as no page says more", () => {
    const [sign]: readonly Attention[] = attentionTo({ ...quiet, comparisonDiffers: 2 });
    expect(sign).toMatchObject({ what: 'comparison-differs', page: 'overview' });
    expect(sign?.text).toBe("Billing's file and the map differ in 2 servers: portledger comparison names them");
  });

  it('is nothing where nothing does', () => {
    expect(attentionTo(quiet)).toEqual([]);
  });
});
