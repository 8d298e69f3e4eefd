// Everything a fresh machine needs, done once and again only when the lock file or the sources changed:
// npm packages by the lock file, the build, and, as root on Debian, the packages of the network lab.
// Plain Node on purpose: it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const stamps = join(root, '.setup');
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const labPrograms = {
  ip: 'iproute2',
  bird: 'bird2',
  tcpdump: 'tcpdump',
  ping: 'iputils-ping',
  setpriv: 'util-linux',
  perl: 'perl-base',
  radvd: 'radvd',
  rdisc6: 'ndisc6',
  'kea-dhcp4': 'kea-dhcp4-server',
  'kea-dhcp6': 'kea-dhcp6-server',
  udhcpc: 'udhcpc',
  dhclient: 'isc-dhcp-client',
  dhcpcd: 'dhcpcd-base',
  nft: 'nftables',
  sshd: 'openssh-server',
  'ssh-keygen': 'openssh-client',
  rsyslogd: 'rsyslog',
  // what hands out addresses and files, and who asks for them
  'kea-dhcp4': 'kea-dhcp4-server',
  'kea-dhcp6': 'kea-dhcp6-server',
  udhcpc: 'udhcpc',
  dhclient: 'isc-dhcp-client',
  dhcpcd: 'dhcpcd-base',
  'in.tftpd': 'tftpd-hpa',
  busybox: 'busybox',
  // what forges, scans and floods beside our sensor, and the peers that listen to it
  scapy3: 'python3-scapy',
  arping: 'arping',
  arpspoof: 'dsniff',
  'atk6-fake_advertise6': 'thc-ipv6',
  na6: 'ipv6toolkit',
  'arp-scan': 'arp-scan',
  tcpreplay: 'tcpreplay',
  arpwatch: 'arpwatch',
  arpalert: 'arpalert',
  // the shells that complete what is typed
  zsh: 'zsh',
  fish: 'fish',
  // what opens the pages of the console
  chromium: 'chromium',
};

/** Does all the set-up that is due; throws with the cure when a step fails. */
export function setup() {
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new Error(`Node ${process.versions.node} is too old; portledger needs Node 20.19 or newer`);
  }
  once('packages', fileHash(['package-lock.json']), existsSync(join(root, 'node_modules')), () => {
    run('installing npm packages by the lock file', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  });
  installLab();
  once('build', sourcesHash(), existsSync(join(root, 'dist', 'src', 'cli.js')), () => {
    run('building', 'npm', ['run', '--silent', 'build']);
  });
}

function once(name, hash, isThere, work) {
  const file = join(stamps, name);
  if (isThere && existsSync(file) && readFileSync(file, 'utf8') === hash) return;
  work();
  mkdirSync(stamps, { recursive: true });
  writeFileSync(file, hash);
}

/** The lab is optional: without root or without Debian its tests say how to enable them. */
function installLab() {
  const missing = [
    ...new Set(Object.entries(labPrograms).flatMap(([program, pack]) => (isProgram(program) ? [] : [pack]))),
  ];
  if (missing.length === 0 || process.getuid?.() !== 0 || !isProgram('apt-get')) return;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  run('refreshing the list of Debian packages', 'apt-get', ['update', '-qq'], { env, mayFail: true });
  run(`installing ${missing.join(' ')}`, 'apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], {
    env,
    mayFail: true,
  });
}

function isProgram(name) {
  return `${process.env.PATH ?? ''}:/usr/sbin:/sbin`
    .split(':')
    .some((folder) => folder !== '' && existsSync(join(folder, name)));
}

function run(what, program, args, { env = process.env, mayFail = false } = {}) {
  process.stderr.write(`portledger set-up: ${what}\n`);
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: root,
    env,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  if (status === 0) return;
  const lines = `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`.trim().split('\n');
  // npm says the reason first and how it is used last; a compiler says the sum last.
  const said = (lines.length <= 40 ? lines : [...lines.slice(0, 20), '...', ...lines.slice(-20)]).join('\n');
  if (mayFail) process.stderr.write(`portledger set-up: ${what} failed; going on without\n${said}\n`);
  else throw new Error(`${what} failed (${program} ${args.join(' ')}):\n${said}`);
}

function fileHash(names) {
  const hash = createHash('sha256').update(process.version);
  for (const name of names) hash.update(name).update(readFileSync(join(root, name)));
  return hash.digest('hex');
}

/** What the build reads: TypeScript, and the markup, styles and pictures of the console. */
const source = /\.(?:tsx?|css|html|svg)$|vite\.config\.mjs$/;

function sourcesHash() {
  const files = ['src', 'events', 'projections', 'test'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true }).map((name) => join(folder, String(name))),
  );
  return fileHash(['tsconfig.json', 'package-lock.json', ...files.filter((name) => source.test(name)).sort()]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    setup();
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
