import { type PortTraffic, thresholds } from '../../../projections/index.js';
import { neighbourExhaustion } from '../../../projections/rules/neighbour-exhaustion.rule.js';
import { neighbourScan } from '../../../projections/rules/neighbour-scan.rule.js';
import { Hearing } from './hearing.js';
import { grantsOf, heardOn, heardSomewhere, mac66, noMemory, rack, shownBySwitch } from './rack.js';

const { askedAddressesLook, claimedAddressesLook, sourcesLook, trafficWindowMs } = thresholds;
const grants = grantsOf(rack);
const quiet: PortTraffic = { windowMs: 10_000, frames: 9, askedAddresses: 3, claimedAddresses: 2, sources: 1 };

describe('neighbour-exhaustion', () => {
  const judge = (traffic: Partial<PortTraffic>, frame = heardOn(66, { claimedAddress: 'fe80::7' })) =>
    neighbourExhaustion.judge({ ...frame, traffic: { ...quiet, ...traffic } }, grants, noMemory);

  it('fires above so many addresses or so many MACs, and not at them', () => {
    expect(judge({ claimedAddresses: claimedAddressesLook + 1 })).toMatchObject({ offender: { serverId: 'srv-66' } });
    expect(judge({ claimedAddresses: claimedAddressesLook })).toBeUndefined();
    expect(judge({ sources: sourcesLook + 1 })).toBeDefined();
    expect(judge({ sources: sourcesLook })).toBeUndefined();
  });

  it('is one violation for the whole port', () => expect(neighbourExhaustion.about).toBe('port'));

  it('stays silent where many servers are heard together, and where nobody counted', () => {
    expect(judge({ sources: 9_999 }, heardSomewhere(66, { etherSource: mac66 }))).toBeUndefined();
    expect(neighbourExhaustion.judge(heardOn(66, {}), grants, noMemory)).toBeUndefined();
  });

  it('fires when the switch says that a port goes over its limit', () => {
    expect(judge({}, shownBySwitch('switch-message', { etherSource: mac66, said: 'mac-limit' }))).toBeDefined();
    expect(judge({}, shownBySwitch('switch-message', { etherSource: mac66, said: 'arp-invalid' }))).toBeUndefined();
  });
});

describe('neighbour-scan', () => {
  const ask = heardOn(66, { kind: 'arp-request', claimedAddress: '198.51.100.66', askedAddress: '198.51.100.9' });
  const judge = (askedAddresses: number, frame = ask) =>
    neighbourScan.judge({ ...frame, traffic: { ...quiet, askedAddresses } }, grants, noMemory);

  it('fires above so many addresses asked for, and not at them', () => {
    expect(judge(askedAddressesLook + 1)).toMatchObject({ offendingMac: mac66, offender: { serverId: 'srv-66' } });
    expect(judge(askedAddressesLook)).toBeUndefined();
    expect(neighbourScan.about).toBe('port');
  });

  it('stays silent on frames that ask for nothing, and where the port is not proven', () => {
    expect(judge(999, heardOn(66, {}))).toBeUndefined();
    expect(judge(999, heardSomewhere(66, { etherSource: mac66, askedAddress: '198.51.100.9' }))).toBeUndefined();
  });

  it('stays silent on a host masked /24 that meets its neighbours, some dozens in a window, for hours', () => {
    const hearing = new Hearing(grants);
    for (let minute = 0; minute < 30; minute++) {
      for (let neighbour = 2; neighbour < 62; neighbour++) {
        const frameTime = ask.frameTime + minute * 60_000 + neighbour * 10;
        const { found } = hearing.hear({
          ...ask,
          frameTime,
          askedAddress: `198.51.100.${neighbour + 60 * (minute % 3)}`,
        });
        expect(found).toEqual([]);
      }
    }
    expect(trafficWindowMs).toBeLessThan(60_000);
  });
});
