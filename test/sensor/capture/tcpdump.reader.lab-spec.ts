import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type PortId, type SwitchName, type Vlan } from '../../../events/index.js';
import { type CaptureSource } from '../../../src/sensor/capture/capture-source.js';
import { type DecodedFrame } from '../../../src/sensor/capture/decoded-frame.js';
import type { CaptureState, PieceSource } from '../../../src/sensor/capture/capture-handlers.js';
import { listenForFrames } from '../../../src/sensor/capture/frame-listener.js';
import { arp, ethernet, hexBytes, icmpv6, icmpv6Packet, serverAddress, targetOption } from './frames.js';

const tools = ['/usr/bin/tcpdump', '/usr/bin/setpriv', '/usr/bin/perl'];
const lacking = process.getuid?.() === 0 ? tools.filter((tool) => !existsSync(tool)) : ['root'];
if (lacking.length > 0 && process.env['CI'] === 'true') throw new Error(`the capture lab needs ${lacking.join(', ')}`);
const lab = lacking.length === 0 ? describe : describe.skip;
const why =
  lacking.length === 0 ? '' : ` (skipped: needs ${lacking.join(', ')}; apt-get install tcpdump util-linux perl-base)`;

const sw = `pl-${process.pid}-sw`;
const server = `pl-${process.pid}-srv`;
const ip = (...args: string[]): string => execFileSync('ip', args, { encoding: 'utf8' });

const source: CaptureSource = {
  name: 'lab',
  site: 'default',
  switch: 'leaf1' as SwitchName,
  netns: sw,
  interface: 'vlan16',
  port: 'leaf1:Ethernet16' as PortId,
  vlan: 16 as Vlan,
  attribution: 'interface',
};

/** Sends whole frames out of an interface: AF_PACKET (17), SOCK_RAW (3), struct sockaddr_ll. */
const sender = `
  my ($interface, @frames) = @ARGV;
  open(my $file, '<', "/sys/class/net/$interface/ifindex") or die "no $interface: $!"; my $index = <$file> + 0;
  socket(my $socket, 17, 3, 0) or die "socket: $!";
  my $address = pack('SnlSCCx8', 17, 3, $index, 0, 0, 0);
  for (@frames) { defined(send($socket, pack('H*', $_), 0, $address)) or die "send: $!" }
`;
function send(netns: string, interfaceName: string, frames: readonly Buffer[]): void {
  const hex = frames.map((frame) => frame.toString('hex'));
  ip('netns', 'exec', netns, 'perl', '-e', sender, interfaceName, ...hex);
}

function makeLink(): void {
  ip('-n', sw, 'link', 'add', 'vlan16', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', server);
  ip('-n', server, 'link', 'set', 'eth0', 'up');
  ip('-n', sw, 'link', 'set', 'vlan16', 'up');
}

/** Polls the world until it is so; gives up after ten seconds with what was there then. */
async function until<Seen>(look: () => Seen, isSo: (seen: Seen) => boolean): Promise<Seen> {
  for (let round = 0; round < 1200; round++) {
    if (isSo(look())) break;
    await new Promise((resolved) => setTimeout(resolved, 50));
  }
  const seen = look();
  if (!isSo(seen)) throw new Error(`not so after ten seconds: ${JSON.stringify(seen)}`);
  return seen;
}

function isRunning(pid: number): boolean {
  const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : '';
  return stat !== '' && !/\) Z /.test(stat);
}

const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);

const request = arp(1, '525400000016', 'c6336410', '000000000000', 'c6336401');
const untaggedRequest = ethernet(0x0806, request);
const taggedRequest = ethernet(0x0806, request, { vlan: 66 });
const advertisement = icmpv6(136, `60000000 ${serverAddress} ${targetOption('525400000099')}`);

lab(`a live capture${why}`, () => {
  let frames: DecodedFrame[];
  let states: CaptureState[];
  let reader: PieceSource;

  beforeEach(() => {
    ip('netns', 'add', sw);
    ip('netns', 'add', server);
    frames = [];
    states = [];
    reader = listenForFrames(source, {
      onFrame: (frame) => frames.push(frame),
      onState: (state) => states.push(state),
      firstDelayMs: 100,
      longestDelayMs: 400,
      askEveryMs: 200,
    });
  });

  afterEach(async () => {
    await reader.stop();
    for (const netns of [sw, server]) ip('netns', 'del', netns);
  });

  const last = (): CaptureState | undefined => states.at(-1);
  const running = () => until(last, (state) => state?.state === 'running');
  // The kernel's own solicitations come and go: look at the frames this test sent.
  const sent = () => frames.filter((frame) => frame.etherSource === '52:54:00:00:00:16');

  it('hears ARP and ND that come in, tagged and untagged, and nothing that goes out', async () => {
    makeLink();
    reader.start();
    await running();
    send(sw, 'vlan16', [untaggedRequest]);
    send(server, 'eth0', [icmpv6(128, '00010001'), untaggedRequest, taggedRequest, advertisement]);
    await until(sent, (heard) => heard.length >= 3);
    expect(sent()).toMatchObject([
      { kind: 'arp-request', vlans: [], senderIp: '198.51.100.16' },
      { kind: 'arp-request', vlans: [66], senderIp: '198.51.100.16' },
      { kind: 'neighbour-advertisement', targetIp: '2001:db8:16::1', senderMac: '52:54:00:00:00:99', hopLimit: 255 },
    ]);
    await reader.stop();
    expect(last()).toEqual({ state: 'stopped' });
    expect(sent()).toHaveLength(3);
    expect(reader.counts).toMatchObject({ runs: 1, droppedByKernel: 0 });
    expect(reader.counts?.receivedByFilter).toBeGreaterThanOrEqual(3);
  });

  it('hears what hides: behind extension headers, one to three tags, LLC/SNAP, in fragments, and RARP', async () => {
    makeLink();
    reader.start();
    await running();
    const na = `60000000 ${serverAddress}`;
    const options = '010400000000';
    const tagged = (etherType: number, inner: string) => ethernet(etherType, hexBytes(inner), { to: '333300000001' });
    const hidden = icmpv6Packet(136, na, { firstHeader: 0, extensions: `3c00 ${options} 3a00 ${options}` });
    send(server, 'eth0', [
      ethernet(0x0800, hexBytes('45')),
      tagged(0x86dd, hidden.toString('hex')),
      tagged(0x8100, `0010 86dd ${hidden.toString('hex')}`),
      tagged(0x88a8, `0010 8100 0011 86dd ${hidden.toString('hex')}`),
      tagged(0x8100, `0000 8100 0000 8100 0000 86dd ${hidden.toString('hex')}`),
      tagged(0x86dd, icmpv6Packet(136, na, { firstHeader: 44, extensions: '3a00 0001 00000007' }).toString('hex')),
      tagged(36, `aaaa03 000000 0806 ${request.toString('hex')}`),
      ethernet(0x8035, arp(3, '525400000016', '00000000', '525400000016', '00000000')),
      ethernet(0x0806, request),
    ]);
    await until(sent, (heard) => heard.at(-1)?.kind === 'arp-request' && heard.length >= 8);
    expect(sent().map(({ kind, vlans, problem }) => [kind, vlans.join('.'), problem?.slice(-26)])).toEqual([
      ['neighbour-advertisement', '', undefined],
      ['neighbour-advertisement', '16', undefined],
      ['neighbour-advertisement', '16.17', undefined],
      ['neighbour-advertisement', '0.0.0', undefined],
      ['neighbour-advertisement', '', 'ignore (RFC 6980 section 5)'.slice(-26)],
      ['arp-request', '', undefined],
      ['arp-other', '', undefined],
      ['arp-request', '', undefined],
    ]);
  });

  it('tells while it runs what the kernel counted, and when it last heard something', async () => {
    makeLink();
    reader.start();
    await running();
    expect(reader.counts).toEqual({ runs: 0, captured: 0, receivedByFilter: 0, droppedByKernel: 0 });
    send(server, 'eth0', [untaggedRequest, untaggedRequest]);
    const received = await until(
      () => reader.counts?.receivedByFilter ?? 0,
      (count) => count >= 2,
    );
    expect(reader.counts).toMatchObject({ runs: 0, droppedByKernel: 0 });
    expect(reader.lastHeardAt).toBeGreaterThan(Date.now() - 60_000);
    await reader.stop();
    expect(reader.counts?.runs).toBe(1);
    expect(reader.counts?.receivedByFilter).toBeGreaterThanOrEqual(received);
  });

  it('holds frames back while its listener pauses, and gives them afterwards', async () => {
    makeLink();
    reader.start();
    await running();
    reader.pause();
    send(server, 'eth0', [untaggedRequest]);
    await until(
      () => reader.counts?.receivedByFilter ?? 0,
      (count) => count >= 1,
    );
    expect(sent()).toEqual([]);
    reader.resume();
    await until(sent, (heard) => heard.length === 1);
  });

  it('says that the interface is not there, and hears it once it is, and again after it was away', async () => {
    reader.start();
    const failed = await until(last, (state) => state?.state === 'failed');
    expect(failed).toMatchObject({
      reason: expect.stringContaining('vlan16: No such device exists') as string,
      cure: expect.stringContaining('create interface vlan16') as string,
    });
    makeLink();
    await running();
    ip('-n', sw, 'link', 'del', 'vlan16');
    await until(last, (state) => state?.state === 'failed');
    makeLink();
    await running();
    send(server, 'eth0', [untaggedRequest]);
    await until(sent, (heard) => heard.length === 1);
  });

  it('waits longer after each failure, up to a limit', async () => {
    reader.start();
    await until(
      () => states.length,
      (count) => count >= 4,
    );
    const waits = states.map((state) => (state.state === 'failed' ? state.retryInMs : undefined));
    expect(waits.slice(0, 4)).toEqual([100, 200, 400, 400]);
  });

  it('says that the namespace is gone', async () => {
    const elsewhere = listenForFrames(
      { ...source, netns: `${sw}-none` },
      { onFrame: () => undefined, onState: (state) => states.push(state) },
    );
    elsewhere.start();
    const failed = await until(last, (state) => state !== undefined);
    await elsewhere.stop();
    expect(failed).toMatchObject({
      state: 'failed',
      cure: expect.stringContaining(`create namespace ${sw}-none`) as string,
    });
  });

  it('starts tcpdump again when somebody kills it', async () => {
    makeLink();
    reader.start();
    await running();
    const before = states.length;
    const [tcpdump] = childrenOf(process.pid).filter((pid) => commandOf(pid).includes(`tcpdump\0--immediate-mode`));
    if (tcpdump === undefined) throw new Error('no tcpdump child is running');
    process.kill(tcpdump, 'SIGKILL');
    await until(
      () => states.slice(before),
      (later) => later.some((state) => state.state === 'running'),
    );
    expect(states[before]).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('signal SIGKILL') as string,
    });
    send(server, 'eth0', [untaggedRequest]);
    await until(sent, (heard) => heard.length === 1);
  });

  it('leaves no tcpdump behind when its process is killed with -9', async () => {
    makeLink();
    const module = resolve('dist/src/sensor/capture/tcpdump.reader.js');
    const script = `
      const { TcpdumpReader } = await import(${JSON.stringify(module)});
      new TcpdumpReader(${JSON.stringify(source)}, { onPiece() {}, onState: (state) => console.log(state.state) }).start();
    `;
    const engine = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolved) => engine.stdout.once('data', resolved));
    const [tcpdump = 0] = childrenOf(engine.pid ?? 0);
    expect(commandOf(tcpdump)).toContain('tcpdump');
    engine.kill('SIGKILL');
    await until(
      () => isRunning(tcpdump),
      (alive) => !alive,
    );
  });
});

const commandOf = (pid: number): string =>
  existsSync(`/proc/${pid}/cmdline`) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8') : '';
