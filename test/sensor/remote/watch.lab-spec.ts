import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { arp, ethernet } from '../capture/frames.js';
import { until } from '../judge/sensor-rig.js';
import { RemoteRig, Watcher } from './remote-rig.js';

const tools = ['/usr/bin/tcpdump', '/usr/bin/setpriv', '/usr/bin/perl'];
const lacking = process.getuid?.() === 0 ? tools.filter((tool) => !existsSync(tool)) : ['root'];
if (lacking.length > 0 && process.env['CI'] === 'true') throw new Error(`the watch lab needs ${lacking.join(', ')}`);
const lab = lacking.length === 0 ? describe : describe.skip;
const why =
  lacking.length === 0 ? '' : ` (skipped: needs ${lacking.join(', ')}; apt-get install tcpdump util-linux perl-base)`;

const server = `plw-${process.pid}`;
const tap = `plw${process.pid}`.slice(0, 15);
const ip = (...args: string[]): string => execFileSync('ip', args, { encoding: 'utf8' });
const nobody = '65534';
const dropped = [
  ...['--reuid', nobody, '--regid', nobody, '--clear-groups', '--no-new-privs'],
  ...['--inh-caps=-all,+net_raw', '--ambient-caps=-all,+net_raw', '--bounding-set=-all,+net_raw', '--'],
];

/** Sends one whole frame out of an interface: AF_PACKET (17), SOCK_RAW (3), struct sockaddr_ll. */
const sender = `
  my ($interface, $frame) = @ARGV;
  open(my $file, '<', "/sys/class/net/$interface/ifindex") or die "no $interface: $!"; my $index = <$file> + 0;
  socket(my $socket, 17, 3, 0) or die "socket: $!";
  defined(send($socket, pack('H*', $frame), 0, pack('SnlSCCx8', 17, 3, $index, 0, 0, 0))) or die "send: $!";
`;

lab(`a sensor with no right but to hear${why}`, () => {
  let rig: RemoteRig;
  beforeEach(async () => {
    rig = await RemoteRig.start();
    ip('netns', 'add', server);
    ip('link', 'add', tap, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', server);
    ip('-n', server, 'link', 'set', 'eth0', 'up');
    ip('link', 'set', tap, 'up');
  });
  afterEach(async () => {
    await rig.stop();
    ip('netns', 'del', server);
  });

  it('hears a forged frame on a real interface as nobody, and the engine has the violation once', async () => {
    const { file } = rig.tokenOf('tap-66');
    const spool = rig.path('spool');
    mkdirSync(spool);
    for (const [path, mode] of [
      [rig.engine.directory, 0o755],
      [file, 0o644],
      [spool, 0o777],
    ] as const)
      chmodSync(path, mode);
    const words = ['sensor', 'watch', '--engine', rig.engine.url, '--token-file', file, '--spool', spool, '-i', tap];
    const child = spawn('setpriv', [...dropped, process.execPath, resolve('dist/src/cli.js'), ...words], {
      stdio: 'pipe',
    });
    const watcher = new Watcher(child);
    try {
      await until('it hears', () => watcher.err.includes('"state":"running"'));
      const status = readFileSync(`/proc/${watcher.pid}/status`, 'utf8');
      expect(status).toMatch(/^Uid:\s+65534\s/m);
      expect(status).toMatch(/^CapEff:\s+0000000000002000$/m);
      const mac = '525400000066';
      const forged = ethernet(0x0806, arp(2, mac, 'c6336410', '001c73000099', 'c6336401'), { from: mac }).toString(
        'hex',
      );
      for (let count = 0; count < 3; count++) ip('netns', 'exec', server, 'perl', '-e', sender, 'eth0', forged);
      await until('it is stored', async () =>
        (await rig.dataOf('ViolationDetected')).some((one) => one['rule'] === 'address-spoof'),
      );
      const { remoteSensors } = rig.engine.parts;
      expect(remoteSensors.sensors()).toMatchObject([{ name: 'tap-66', capture: { state: 'running' } }, {}]);
    } finally {
      watcher.kill('SIGTERM');
      await watcher.ended;
    }
    const spoofs = (await rig.dataOf('ViolationDetected')).filter((one) => one['rule'] === 'address-spoof');
    expect(spoofs).toMatchObject([{ sensor: 'tap-66', claimedAddress: '198.51.100.16', attribution: 'interface' }]);
  });
});
