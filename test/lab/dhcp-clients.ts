import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './lab.js';
import { end, run, startInside } from './lab-process.js';

/** What a client says it was given; everything it is not told is absent. */
export interface Given {
  readonly ipv4?: string;
  readonly mask?: string;
  readonly router?: string;
  readonly ipv6?: string;
  readonly prefix?: string;
  /** What to start with: a file or a URL. */
  readonly boot?: string;
  readonly bootServer?: string;
}

/**
 * Runs DHCP clients in the namespace of a server. Each has a script of its own that only writes down what was given: theirs
 * rewrite files of the whole machine.
 */
export class DhcpClients {
  private readonly script: string;
  private readonly said: string;
  private runs = 0;

  constructor(
    private readonly directory: string,
    private readonly netns: string,
  ) {
    this.script = join(directory, `${netns}.script`);
    this.said = join(directory, `${netns}.given`);
    const fields = [
      'ip',
      'subnet',
      'router',
      'new_ip_address',
      'new_subnet_mask',
      'new_routers',
      'new_ip6_address',
      'new_ip6_prefix',
    ];
    const more = [
      'boot_file',
      'siaddr',
      'new_dhcp6_bootfile_url',
      'new_dhcp6_ia_na1_ia_addr1',
      'new_dhcp6_ia_pd1_prefix1',
      'new_dhcp6_ia_pd1_prefix1_length',
    ];
    const lines = [...fields, ...more].map((name) => `echo "${name}=$${name}" >> ${this.said}`);
    writeFileSync(this.script, `#!/bin/sh\n${lines.join('\n')}\nexit 0\n`);
    chmodSync(this.script, 0o755);
  }

  /** busybox's client; gives up after a few questions. @param more what it is to send, as `-x 0x5d:0007` and `-V HTTPClient` */
  async udhcpc(...more: readonly string[]): Promise<Given> {
    return this.heard(() =>
      this.inside('udhcpc', ['-i', 'eth0', '-f', '-n', '-q', '-t', '5', '-T', '1', '-s', this.script, ...more]),
    );
  }

  /** ISC's client, DHCPv4. @param name what it calls itself (client identifier) */
  async dhclient4(name: string, seconds = 20): Promise<Given> {
    const conf = this.file(
      'conf',
      `send dhcp-client-identifier "${name}";\ntimeout ${seconds};\nretry 1;\ninitial-interval 1;\n`,
    );
    return this.heard(() => this.dhclient(['-4', '-1', '-cf', conf], seconds));
  }

  /** ISC's client, DHCPv6: an address and a delegated prefix. @param duid octets, such as `00030001525400000016` */
  async dhclient6(duid: string, seconds = 20, architecture?: number): Promise<Given> {
    await this.linkLocalReady();
    const octets = duid.match(/../g) ?? [];
    const octal = octets.map((octet) => `\\${Number.parseInt(octet, 16).toString(8).padStart(3, '0')}`).join('');
    const asking =
      architecture === undefined
        ? ''
        : [
            'option dhcp6.arch code 61 = unsigned integer 16;',
            'option dhcp6.bootfile-url code 59 = text;',
            `send dhcp6.arch ${architecture};`,
            'also request dhcp6.bootfile-url;\n',
          ].join('\n');
    const leases = this.file('leases', `default-duid "${octal}";\n`);
    return this.heard(() =>
      this.dhclient(['-6', '-1', '-N', '-P', '-cf', this.file('conf', asking), '-lf', leases], seconds),
    );
  }

  /** Roy Marples's client, both families at once. */
  async dhcpcd(seconds = 20): Promise<Given> {
    const conf = this.file('conf', 'duid ll\nslaac hwaddr\nnoipv4ll\nnoipv6rs\nia_na 1\nia_pd 2\n');
    // It keeps its DUID in a folder of the whole machine: it gets one of its own.
    const alone = 'mount -t tmpfs none /var/lib/dhcpcd && exec dhcpcd "$@"';
    const args = ['-f', conf, '-c', this.script, '-B', '-t', String(seconds), 'eth0'];
    return this.heard(() => this.bounded('unshare', ['-m', 'sh', '-c', alone, 'dhcpcd', ...args], seconds));
  }

  /** It ends at once where it cannot bind to the link-local address, which is tentative after the link came up. */
  private linkLocalReady(): Promise<void> {
    const show = ['-n', this.netns, '-6', 'addr', 'show', 'dev', 'eth0', 'scope', 'link', '-tentative'];
    return until('the link-local address may be used', async () => (await run('ip', show)).includes('fe80:'));
  }

  private async dhclient(args: readonly string[], seconds: number): Promise<void> {
    const leases = args.includes('-lf') ? [] : ['-lf', this.file('leases', '')];
    const pid = this.file('pid', '');
    await this.bounded('dhclient', ['-d', ...args, ...leases, '-pf', pid, '-sf', this.script, 'eth0'], seconds);
  }

  private async inside(program: string, args: readonly string[]): Promise<void> {
    await run('ip', ['netns', 'exec', this.netns, program, ...args]).catch(() => ''); // it ends with 1 where nothing was given
  }

  /** Ends the client as soon as it was given something, or after so many seconds. */
  private async bounded(program: string, args: readonly string[], seconds: number): Promise<void> {
    const child = startInside(this.netns, program, args);
    child.stdout.resume();
    child.stderr.resume();
    const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
    const wanted = program === 'unshare' ? 3 : args.includes('-6') ? 2 : 1;
    let timer: NodeJS.Timeout | undefined;
    const enough = new Promise<void>((resolve) => {
      const from = performance.now();
      timer = setInterval(() => {
        const { ipv4, ipv6, prefix } = this.given();
        const got = [ipv4, ipv6, prefix].filter((one) => one !== undefined).length;
        if (got >= wanted || performance.now() - from > seconds * 1000) resolve();
      }, 50);
    });
    await Promise.race([gone, enough]);
    clearInterval(timer);
    await end(child);
  }

  private async heard(work: () => Promise<void>): Promise<Given> {
    rmSync(this.said, { force: true });
    await work();
    return this.given();
  }

  private given(): Given {
    const text = existsSync(this.said) ? readFileSync(this.said, 'utf8') : '';
    const last = (...names: readonly string[]): string | undefined => {
      const values = [...text.matchAll(/^(\w+)=(.+)$/gm)].filter(([, name]) => names.includes(name ?? ''));
      return values.at(-1)?.[2];
    };
    const given = {
      ipv4: last('ip', 'new_ip_address'),
      mask: last('subnet', 'new_subnet_mask'),
      router: last('router', 'new_routers'),
      ipv6: last('new_ip6_address', 'new_dhcp6_ia_na1_ia_addr1'),
      boot: last('boot_file', 'new_dhcp6_bootfile_url'),
      bootServer: last('siaddr'),
      prefix:
        last('new_ip6_prefix') ??
        dhcpcdPrefix(last('new_dhcp6_ia_pd1_prefix1'), last('new_dhcp6_ia_pd1_prefix1_length')),
    };
    return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  }

  private file(what: string, text: string): string {
    const path = join(this.directory, `${this.netns}.${++this.runs}.${what}`);
    writeFileSync(path, text);
    return path;
  }
}

const dhcpcdPrefix = (prefix: string | undefined, length: string | undefined): string | undefined =>
  prefix === undefined || length === undefined ? undefined : `${prefix}/${length}`;
