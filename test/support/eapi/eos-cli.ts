import { CommandFailed, type EosBox } from './eos-box.js';
import {
  showArp,
  showInterfaces,
  showIpInterface,
  showIpv6Interface,
  showIpv6Neighbors,
  showMacAddressTable,
  showRunningConfig,
  showSessions,
} from './eos-show.js';

const shows: Readonly<Record<string, (box: EosBox) => Readonly<Record<string, unknown>>>> = {
  'show interfaces': showInterfaces,
  'show ip interface': showIpInterface,
  'show ipv6 interface': showIpv6Interface,
  'show arp vrf all': showArp,
  'show ipv6 neighbors vrf all': showIpv6Neighbors,
  'show mac address-table': showMacAddressTable,
  'show configuration sessions detail': showSessions,
};

/** One CLI of the switch: what it was told before decides what a command means. */
export class EosCli {
  private enabled = false;
  private inSession: string | undefined;

  constructor(
    private readonly box: EosBox,
    private readonly user: string,
  ) {}

  /** The answer to one command, as eAPI gives it. Throws CommandFailed. */
  run(command: string, format: string): Readonly<Record<string, unknown>> {
    const show = shows[command];
    if (show !== undefined) {
      if (format === 'text') throw new Error(`the tests have no text form of "${command}"`);
      return show(this.box);
    }
    if (command.startsWith('show ') && format === 'json')
      throw new CommandFailed(1003, ['This is an unconverted command']);
    const output = this.text(command);
    return format === 'text' ? { output } : {};
  }

  private text(command: string): string {
    if (command === 'enable') {
      this.enabled = true;
      return '';
    }
    if (!this.enabled) throw new CommandFailed(1002, ['Invalid input (privileged mode required)']);
    const filtered = /^show running-config \| include (.+)$/.exec(command);
    if (filtered !== null) {
      const wanted = new RegExp(filtered[1] ?? '');
      return showRunningConfig(this.box)
        .split('\n')
        .filter((line) => wanted.test(line))
        .map((line) => `${line}\n`)
        .join('');
    }
    const diff = /^show session-config named (\S+) diffs$/.exec(command);
    if (diff !== null) return this.box.diff(diff[1] ?? '');
    const session = /^configure session (\S+)(?: (commit|abort)(?: timer (\d\d):(\d\d):(\d\d))?)?$/.exec(command);
    if (session !== null) return this.configureSession(session);
    if (command === 'write memory') {
      this.box.startup = this.box.running;
      return 'Copy completed successfully.\n';
    }
    if (this.inSession === undefined)
      throw new CommandFailed(1002, [`Invalid input (at token 0: '${command.split(' ')[0]}')`]);
    this.box.edit(this.inSession, command);
    return '';
  }

  private configureSession([, name = '', verb, hours, minutes, seconds]: RegExpExecArray): string {
    if (verb === undefined) {
      this.box.enter(name, this.user);
      this.inSession = name;
    } else if (verb === 'abort') this.box.abort(name);
    else
      this.box.commit(
        name,
        hours === undefined ? undefined : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds),
      );
    return '';
  }
}
