import type { CapturePlace } from './capture-source.js';

const isDown = /is not up|went down/;

export interface CaptureFailure {
  /** What happened, to which interface, in tcpdump's own words where it gave any. */
  readonly reason: string;
  /** What an operator can do about it. */
  readonly cure: string;
  /** True when the interface is there and down: nothing can come in, so nothing is missed. */
  readonly linkDown?: true;
}

/** Names why tcpdump ended and the cure, from what it left on standard error. */
export function explainTcpdumpEnd(source: CapturePlace, stderr: string, ending: string): CaptureFailure {
  const said = lastWords(stderr) ?? ending;
  const place = source.netns === undefined ? '' : ` in namespace ${source.netns}`;
  const reason = `capture on ${source.interface}${place} ended: ${said}`;
  return { reason, cure: cureFor(source, stderr), ...(isDown.test(stderr) && { linkDown: true }) };
}

function cureFor(source: CapturePlace, stderr: string): string {
  const inside = source.netns === undefined ? '' : `ip netns exec ${source.netns} `;
  if (/Cannot open network namespace/.test(stderr)) {
    return `create namespace ${source.netns}, or correct the sensor's netns; the capture starts by itself once it is there`;
  }
  const missing = /(?:failed to execute|exec of|spawn) "?(setpriv|ip|tcpdump)\b/.exec(stderr)?.[1];
  if (missing !== undefined) return `apt-get install ${packageOf(missing)}`;
  if (/No such device|interface disappeared/.test(stderr)) {
    return `create interface ${source.interface}, or correct the sensor's interface (\`${inside}ip link\` lists them)`;
  }
  if (isDown.test(stderr)) return `${inside}ip link set ${source.interface} up`;
  if (/permission|not permitted/i.test(stderr)) return 'run the engine as root: capturing needs CAP_NET_RAW';
  return `run \`${inside}tcpdump -n -i ${source.interface}\` by hand to see more`;
}

function packageOf(program: string): string {
  const packages = new Map([
    ['setpriv', 'util-linux'],
    ['ip', 'iproute2'],
  ]);
  return packages.get(program) ?? program;
}

/** What tcpdump says of itself, without its start message and its counts. */
function lastWords(stderr: string): string | undefined {
  const lines = stderr.split('\n').map((line) => line.trim());
  const telling = lines.filter((line) => line !== '' && !/listening on|^\d+ packets? |^tcpdump: pcap_/.test(line));
  const loop = lines.filter((line) => line.startsWith('tcpdump: pcap_'));
  const words = [...telling, ...loop];
  return words.length === 0 ? undefined : words.join('; ');
}
