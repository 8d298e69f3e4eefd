import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** Each program the lab runs and the Debian package that has it. */
const programs: Readonly<Record<string, string>> = {
  ip: 'iproute2',
  bird: 'bird2',
  tcpdump: 'tcpdump',
  ping: 'iputils-ping',
  perl: 'perl-base',
  setpriv: 'util-linux',
  radvd: 'radvd',
  nft: 'nftables',
  sshd: 'openssh-server',
  'ssh-keygen': 'openssh-client',
  'kea-dhcp4': 'kea-dhcp4-server',
  'kea-dhcp6': 'kea-dhcp6-server',
  udhcpc: 'udhcpc',
  dhclient: 'isc-dhcp-client',
  dhcpcd: 'dhcpcd-base',
  'in.tftpd': 'tftpd-hpa',
  busybox: 'busybox',
  rdisc6: 'ndisc6',
};

export const searchPath = `${process.env.PATH ?? ''}:/usr/sbin:/sbin:/usr/bin:/bin`;

/** Why the network lab cannot run here, ending with the one command that helps; undefined when it can. */
export function whyNoLab(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces exist on Linux only; run it on a Debian machine';
  const missing = whyMissing(programs);
  if (missing !== undefined) return missing;
  if (process.geteuid?.() !== 0) return 'network namespaces need root; run: sudo npm test';
  const probe = `pllab-${process.pid}-probe`;
  const made = spawnSync('ip', ['netns', 'add', probe], { env: { PATH: searchPath }, encoding: 'utf8' });
  if (made.status === 0) spawnSync('ip', ['netns', 'del', probe], { env: { PATH: searchPath } });
  return made.status === 0
    ? undefined
    : `network namespaces cannot be made here (${made.stderr.trim()}); run: docker run --privileged, or use a virtual machine`;
}

/** Which programs are not there, ending with the one command that helps; undefined when all are. @param needed packages by program */
export function whyMissing(needed: Readonly<Record<string, string>>): string | undefined {
  const missing = Object.keys(needed).filter((program) => !isInstalled(program));
  if (missing.length === 0) return undefined;
  const packages = [...new Set(missing.map((program) => needed[program]))].join(' ');
  return `${missing.join(', ')} not installed; run: apt-get install -y --no-install-recommends ${packages}`;
}

function isInstalled(program: string): boolean {
  return searchPath.split(':').some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return folder !== '';
    } catch {
      return false;
    }
  });
}
