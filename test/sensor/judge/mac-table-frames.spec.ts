import type { PortId, SwitchName, Vlan, ViolationDetected } from '../../../events/index.js';
import type { Observation } from '../../../projections/index.js';
import { CaptureRecord } from '../../../src/sensor/capture/capture-record.js';
import type { CaptureSource } from '../../../src/sensor/capture/capture-source.js';
import { decodeFrame } from '../../../src/sensor/capture/frame-decoder.js';
import { FrameFields } from '../../../src/sensor/capture/frame-fields.js';
import { readFrame } from '../../../src/sensor/capture/frame-reader.js';
import { FrameJudge } from '../../../src/sensor/judge/frame-judge.js';
import type { Verdict } from '../../../src/sensor/judge/judge-verdict.js';
import { rejudge } from '../../../src/sensor/judge/rejudge.js';
import { mac16, mac66, rack, shownBySwitch } from '../../projections/rules/rack.js';
import { arp, captured, ethernet } from '../capture/frames.js';
import { datedGrantsOf, fillRecord, sourceOf } from './frame-bench.js';
import { noonMs, nothingStored } from './judge-bench.js';

const keepMs = 180_000;
const e66 = 'leaf1:Ethernet66' as PortId;
const uplink = { ...sourceOf('mirror'), name: 'leaf1-uplink', attribution: 'mac-table' as const };

/** A frame of srv-66 that claims an address of srv-16, tagged with its own VLAN. */
const lie = ethernet(0x0806, arp(2, '525400000066', 'c6336410', '000000000000', 'c6336401'), {
  from: '525400000066',
  vlan: 66,
});
const shown = (more: Partial<Observation> = {}): Observation =>
  shownBySwitch('mac-table', { etherSource: mac66, vlan: 66 as Vlan, port: e66, frameTime: noonMs, ...more });

interface Bench {
  readonly judge: FrameJudge;
  readonly verdicts: Verdict[];
  readonly hear: (bytes: Uint8Array, time: number) => void;
  readonly detected: () => ViolationDetected[];
}
function benchOf(source: CaptureSource = uplink): Bench {
  const verdicts: Verdict[] = [];
  const judge = new FrameJudge({
    grants: datedGrantsOf(rack),
    stored: nothingStored,
    limits: { macPlaceMs: keepMs },
    onVerdicts: (some) => void verdicts.push(...some),
  });
  const number = judge.addSource(source);
  const [fields, record] = [new FrameFields(), new CaptureRecord()];
  return {
    judge,
    verdicts,
    hear: (bytes, time) => {
      fillRecord(record, bytes, time);
      if (readFrame(bytes, 0, bytes.length, record.linkType, fields)) judge.hear(number, fields, record);
    },
    detected: () => verdicts.flatMap((one) => (one.type === 'ViolationDetected' ? [one.data] : [])),
  };
}

describe('frames of a capture that knows ports by MAC table', () => {
  it('are told with the port that the table shows for their source, which is no fact and names no offender', () => {
    const { judge, hear, detected } = benchOf();
    judge.observe(shown());
    hear(lie, noonMs + 1_000);
    const [violation] = detected();
    expect(violation).toMatchObject({
      rule: 'address-spoof',
      port: e66,
      attribution: 'mac-table',
      victimServerId: 'srv-16',
    });
    expect(violation).not.toHaveProperty('offenderServerId');
    expect(violation).not.toHaveProperty('offenderCustomerId');
    expect(violation && rejudge(violation)).toBe('address-spoof');
  });

  it.each([
    ['no table was read', []],
    ['its VLAN has that MAC nowhere', [shown({ vlan: 16 as Vlan })]],
    ['another switch has it there', [shown({ switch: 'leaf2' as SwitchName, port: 'leaf2:Ethernet66' as PortId })]],
    ['the row is too old', [shown({ frameTime: noonMs - keepMs })]],
    ['the table is one of neighbours', [{ ...shown(), kind: 'arp-table' as const }]],
    ['the table shows another MAC', [shown({ etherSource: mac16, claimedMac: mac16 })]],
  ])('are told without a port where %s', (_why, rows: readonly Observation[]) => {
    const { judge, hear, detected } = benchOf();
    for (const row of rows) judge.observe(row);
    hear(lie, noonMs + 1_000);
    const spoofs = detected().filter(({ sensor }) => sensor === 'leaf1-uplink');
    expect(spoofs).toMatchObject([{ rule: 'address-spoof', attribution: 'mac-table' }]);
    expect(spoofs[0]).not.toHaveProperty('port');
  });

  it('keep their identity while the table says the same, and follow a table without VLANs', () => {
    const { judge, hear, detected } = benchOf();
    for (let read = 0; read < 4; read++) {
      judge.observe(shown({ frameTime: noonMs + read * 60_000 }));
      hear(lie, noonMs + read * 60_000 + 1_000);
    }
    expect(detected()).toHaveLength(1);
    const plain = benchOf();
    plain.judge.observe(
      shownBySwitch('mac-table', { etherSource: mac66, port: e66, frameTime: noonMs, vlan: undefined }),
    );
    plain.hear(lie, noonMs + 1_000);
    expect(plain.detected()).toMatchObject([{ port: e66 }]);
  });

  it('are placed the same when somebody else has read them', () => {
    const { judge, detected } = benchOf();
    judge.observe(shown());
    const frame = decodeFrame({ ...captured(lie), time: { seconds: noonMs / 1000 + 1, nanoseconds: 0 } });
    if (frame === undefined) throw new Error('it is an ARP frame');
    judge.hearDecoded(0, frame);
    expect(detected()).toMatchObject([{ rule: 'address-spoof', port: e66 }]);
  });

  it('are left without a port where the capture says nothing of MAC tables', () => {
    const { judge, hear, detected } = benchOf({ ...uplink, attribution: 'unknown' });
    judge.observe(shown());
    hear(lie, noonMs + 1_000);
    expect(detected()[0]).not.toHaveProperty('port');
  });
});
