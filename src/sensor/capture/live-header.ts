import { CaptureError } from './capture.error.js';
import { CaptureRecord } from './capture-record.js';
import { isReadable, linkTypeName } from './link-type.js';
import { isPcapMagic, PCAP_HEADER_BYTES, PcapContainer } from './pcap.container.js';

/** Watches for the pcap header of one run of tcpdump go by: with it the run has got to capturing. */
export class LiveHeader {
  private readonly bytes = new Uint8Array(PCAP_HEADER_BYTES);
  private seen = 0;

  /** @param capture a name for the live capture: errors start with it */
  constructor(private readonly capture: string) {}

  /** True once more than the header has come. */
  get hasFrames(): boolean {
    return this.seen > PCAP_HEADER_BYTES;
  }

  /**
   * True for the one piece that completes the header.
   * @throws CaptureError where it is no pcap, or its frames are of a link type that nobody here reads
   */
  take(piece: Uint8Array): boolean {
    const before = this.seen;
    this.seen += piece.length;
    if (before >= PCAP_HEADER_BYTES) return false;
    this.bytes.set(piece.subarray(0, PCAP_HEADER_BYTES - before), before);
    if (this.seen < PCAP_HEADER_BYTES) return false;
    this.check();
    return true;
  }

  private check(): void {
    const view = new DataView(this.bytes.buffer);
    if (!isPcapMagic(view.getUint32(0)))
      throw new CaptureError(this.capture, 'unknown-format', 'does not begin with a pcap header');
    const container = new PcapContainer(this.capture);
    container.step(view, 0, 0, new CaptureRecord());
    if (isReadable(container.linkType)) return;
    const finding = `has frames of ${linkTypeName(container.linkType)}, expected Ethernet: capture on an Ethernet interface`;
    throw new CaptureError(this.capture, 'link-type', finding);
  }
}
