import type { ServerChannel } from 'ssh2';
import { type IosBox, IosComplaint } from './ios-box.js';
import {
  showInterfaces,
  showIpArp,
  showIpInterface,
  showIpv6Interface,
  showIpv6Neighbors,
  showMacAddressTable,
  showRevertTimer,
  showRunningConfig,
} from './ios-show.js';

/** How the box misbehaves at a command; see the faults of the eAPI server. */
export type IosFault = 'hang' | 'reset-before' | 'reset-after' | 'refuse' | 'lie';

export interface IosShellOptions {
  readonly box: IosBox;
  readonly user: string;
  /** Asked before each command is carried out. */
  readonly misbehave: (command: string) => IosFault | undefined;
  /** What it says before its first prompt; `silent` never prompts. */
  readonly banner: string;
  readonly silent: boolean;
  readonly sign: '#' | '>';
  /** Pages in spite of "terminal length 0". */
  readonly pagesAlways: boolean;
}

/** One terminal of the box: echoes, prompts, pages. */
export class IosShell {
  private typed = '';
  private mode = '';
  private length = 24;
  private held: string[] = [];
  private dead = false;

  constructor(
    private readonly channel: ServerChannel,
    private readonly options: IosShellOptions,
  ) {
    channel.on('data', (chunk: Buffer) => {
      for (const character of chunk.toString('utf8')) this.key(character);
    });
    channel.on('error', () => undefined);
    this.say(options.banner);
    if (!options.silent) this.prompt();
  }

  private key(character: string): void {
    if (this.dead) return;
    if (this.held.length > 0) return this.page('\b'.repeat(9) + ' '.repeat(8) + '\b'.repeat(9));
    if (character !== '\n' && character !== '\r') {
      this.typed += character;
      return;
    }
    const command = this.typed;
    this.typed = '';
    this.say(`${command}\n`);
    this.obey(command);
  }

  private obey(command: string): void {
    const fault = this.options.misbehave(command);
    if (fault === 'hang') return void (this.dead = true);
    if (fault === 'reset-before') return this.reset();
    let answer = '';
    try {
      if (fault === 'refuse') throw new IosComplaint("             ^\n% Invalid input detected at '^' marker.\n");
      if (fault === 'lie') {
        if (command.startsWith('configure terminal')) this.mode = '(config)';
      } else answer = this.answer(command);
    } catch (complaint) {
      if (!(complaint instanceof IosComplaint)) throw complaint;
      answer = `${complaint.message}\n`;
    }
    if (fault === 'reset-after') return this.reset();
    this.held = answer === '' ? [] : answer.replace(/\n$/, '').split('\n');
    this.page('');
  }

  private page(erase: string): void {
    this.say(erase);
    const rows = this.length === 0 ? this.held.length : this.length - 1;
    const some = this.held.splice(0, rows);
    if (some.length > 0) this.say(`${some.join('\n')}\n`);
    if (this.held.length > 0) return this.say(' --More-- ');
    this.prompt();
  }

  private answer(command: string): string {
    const { box, user } = this.options;
    if (this.mode === '(config)') {
      if (command === 'end') this.mode = '';
      else box.type(command);
      return '';
    }
    const arp = /^show ip arp(?: vrf (\S+))?$/.exec(command);
    if (arp !== null) return showIpArp(box, arp[1] ?? 'default');
    const neighbours = /^show ipv6 neighbors(?: vrf (\S+))?$/.exec(command);
    if (neighbours !== null) return showIpv6Neighbors(box, neighbours[1] ?? 'default');
    const filtered = /^show running-config \| include (.+)$/.exec(command);
    if (filtered !== null) {
      const wanted = new RegExp(filtered[1] ?? '');
      return showRunningConfig(box)
        .split('\n')
        .filter((line) => wanted.test(line))
        .map((line) => `${line}\n`)
        .join('');
    }
    const configure = /^configure terminal(?: revert timer (\d+))?$/.exec(command);
    if (configure !== null) {
      box.configure(user, configure[1] === undefined ? undefined : Number(configure[1]));
      this.mode = '(config)';
      return 'Enter configuration commands, one per line.  End with CNTL/Z.\n';
    }
    return this.simple(command, box);
  }

  private simple(command: string, box: IosBox): string {
    if (command === 'terminal length 0') {
      if (!this.options.pagesAlways) this.length = 0;
      return '';
    }
    if (command === 'terminal width 511') return '';
    if (command === 'show mac address-table' && box.macs !== undefined) return showMacAddressTable(box);
    if (command === 'show ip interface') return showIpInterface(box);
    if (command === 'show interfaces') return showInterfaces(box);
    if (command === 'show ipv6 interface') return showIpv6Interface(box);
    if (command === 'show archive config rollback timer') return showRevertTimer(box);
    if (command === 'configure confirm') return (box.confirm(), '');
    if (command === 'configure revert now')
      return (box.revert(), 'Rollback Confirmed Change: rolling back to the configuration before\n');
    throw new IosComplaint("             ^\n% Invalid input detected at '^' marker.\n");
  }

  private prompt(): void {
    this.say(`leaf1${this.mode}${this.options.sign}`);
  }

  private say(text: string): void {
    if (!this.dead && text !== '') this.channel.write(text.replaceAll('\n', '\r\n'));
  }

  private reset(): void {
    this.dead = true;
    this.channel.close();
  }
}
