import { join } from 'node:path';
import type { PortId, SwitchName, Vlan } from '../../../events/index.js';
import { mapGrants, type Observation } from '../../../projections/index.js';
import { observe } from '../../../src/sensor/capture/claims.js';
import { decodeFile } from '../../../src/sensor/capture/decode-file.js';
import type { Verdict } from '../../../src/sensor/judge/judge-verdict.js';
import { foldOf, sold } from '../../projections/rules/rack.js';
import { ownCaptures } from '../capture/capture-files.js';
import { newJudge, violationsIn } from './judge-bench.js';

/** The gateway of the laboratory the captures come from. */
const labGatewayMac = '52:54:00:ff:00:01';
const fold = foldOf([
  ['GatewayDeclared', { switch: 'leaf1', addresses: ['fe80::1', '198.51.100.1'], macs: [labGatewayMac] }],
  ...sold(11),
  ...sold(16),
  ...sold(66),
]);

type Heard = { readonly port: 16 | 66; readonly from: 'server port' | 'mirror' };

async function violationsOf(file: string, { port, from }: Heard): Promise<Verdict[]> {
  const judge = newJudge();
  const grants = mapGrants(fold.map, fold.ordinal);
  const source = {
    name: 'lab',
    site: 'default',
    switch: 'leaf1' as SwitchName,
    interface: `vlan${port}`,
    port: `leaf1:Ethernet${port}` as PortId,
    vlan: port as number as Vlan,
    attribution: 'interface' as const,
  };
  const verdicts: Verdict[] = [];
  for await (const frame of decodeFile(join(ownCaptures, file))) {
    // The captures hold both directions; what a server port hears is what comes in.
    if (from === 'server port' && frame.etherSource === labGatewayMac) continue;
    const observation = observe(frame, source);
    if (observation === undefined) continue;
    const heard: Observation = from === 'mirror' ? { ...observation, attribution: 'unknown' } : observation;
    verdicts.push(...judge.observe(heard, grants));
  }
  verdicts.push(...judge.flush(Number.MAX_SAFE_INTEGER, grants));
  return violationsIn(verdicts).filter((one) => one.type === 'ViolationDetected');
}

const found = async (file: string, heard: Heard): Promise<string[]> =>
  (await violationsOf(file, heard)).map(({ data }) => {
    const { rule, claimedAddress, offenderServerId = 'nobody' } = data as unknown as Record<string, string>;
    return `${rule} ${claimedAddress} by ${offenderServerId}`;
  });

describe('captures from the laboratory', () => {
  it.each([
    ['normal-e2e.pcap', 16, []],
    ['arp-scan.pcap', 66, []],
    ['na6.pcap', 66, []], // a link-local from the bound MAC on its own VLAN, whoever else uses it elsewhere
    ['arping-gratuitous.pcap', 66, ['address-spoof 198.51.100.16 by srv-66']],
    ['arpspoof.pcap', 66, ['address-spoof 198.51.100.16 by srv-66']],
    ['scapy-arp-na-ra.pcap', 66, ['address-spoof 198.51.100.16 by srv-66']],
    ['ns6.pcap', 66, ['address-spoof 2001:db8:16::1 by srv-66']],
    ['thc-fake-advertise6.pcap', 66, ['address-spoof 2001:db8:16::1 by srv-66']],
    [
      'own-port-mac-swap.pcap',
      16,
      ['unknown-mac 198.51.100.16 by srv-16', 'unknown-mac fe80::5054:ff:fe00:16 by srv-16'],
    ],
  ] as const)('%s heard on the server port', async (file, port, expected) => {
    expect(await found(file, { port, from: 'server port' })).toEqual(expected);
  });

  it.each([
    ['normal-e2e.pcap', 16, []],
    ['arp-scan.pcap', 66, []],
    ['arpspoof.pcap', 66, ['address-spoof 198.51.100.16 by nobody']],
  ] as const)('%s heard on a mirror, with what the gateway says, blames nobody', async (file, port, expected) => {
    expect(await found(file, { port, from: 'mirror' })).toEqual(expected);
  });
});
