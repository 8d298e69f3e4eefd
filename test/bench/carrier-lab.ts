import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BirdControl } from '../../src/drivers/bgp/bird-control.js';
import { createLab, type Lab, type LabPort, until } from '../lab/lab.js';
import { end, startInside } from '../lab/lab-process.js';

export const enginePort: LabPort = 'vlan16';
export const barePort: LabPort = 'vlan11';
const patienceMs = 10_000;
const pauseBetweenQueriesMs = 0.1;

/** The lab with a second pair of static protocols, so that the bare script and the engine never touch each other's files. */
export class CarrierLab {
  private readonly upstream: BirdControl;
  private readonly hands = new Map<LabPort, ReturnType<typeof startInside>>();
  private readonly pause = new Int32Array(new SharedArrayBuffer(4));

  private constructor(readonly lab: Lab) {
    this.upstream = new BirdControl('upstream', join(lab.directory, 'up.ctl'), patienceMs);
    for (const port of [enginePort, barePort]) {
      const hand = startInside(lab.servers[port].namespace, 'ip', ['-batch', '-']);
      hand.stdout.resume();
      hand.stderr.resume();
      this.hands.set(port, hand);
    }
  }

  static async build(): Promise<CarrierLab> {
    const lab = await createLab();
    const built = new CarrierLab(lab);
    try {
      const base = await readFile(lab.bird.confFile, 'utf8');
      const exported = base.replace('proto !~ "billing*"', 'proto !~ "b*"');
      if (exported === base) throw new Error("the lab's BIRD exports otherwise than this bench knows");
      await writeFile(lab.bird.confFile, exported);
      for (const family of ['6', '4'] as const) {
        const include = built.bareInclude(family);
        await writeFile(include, '');
        await appendFile(
          lab.bird.confFile,
          `protocol static bare${family} {\n  ipv${family}; check link yes;\n  include "${include}";\n}\n`,
        );
      }
      await lab.reloadBird();
    } catch (error) {
      await built.close();
      throw error;
    }
    return built;
  }

  bareInclude(family: '4' | '6'): string {
    return join(this.lab.directory, `bare${family}.conf`);
  }

  /** Brings the server's end up through an `ip` that already runs; ms until the upstream has its /48 and its /32. */
  async carrierUp(port: LabPort): Promise<number> {
    const start = performance.now();
    this.type(port, 'link set eth0 up');
    while (!(await this.hears(port, true))) {
      if (performance.now() - start > patienceMs)
        throw new Error(`the upstream did not hear the routes of ${port} within ${patienceMs} ms of carrier`);
      Atomics.wait(this.pause, 0, 0, pauseBetweenQueriesMs); // leaves the processor to whom it is measured
    }
    return performance.now() - start;
  }

  /** What one append to a log on this disk cannot do without, in ms. */
  waitForDisk(): number {
    const file = openSync(join(this.lab.directory, 'disk'), 'a');
    try {
      writeSync(file, Buffer.alloc(4096));
      const start = performance.now();
      fsyncSync(file);
      return performance.now() - start;
    } finally {
      closeSync(file);
    }
  }

  /** Takes the cable out and waits until the routes are gone, from the upstream and from the include files. */
  async carrierDown(port: LabPort, include: string): Promise<void> {
    this.type(port, 'link set eth0 down');
    await until(`the routes of ${port} are gone`, async () => {
      return (await this.hears(port, false)) && !/^route /m.test(await readFile(include, 'utf8'));
    });
  }

  async close(): Promise<void> {
    await this.upstream.close();
    await Promise.all([...this.hands.values()].map((hand) => end(hand, 'SIGKILL')));
    await this.lab.close();
  }

  private type(port: LabPort, command: string): void {
    this.hands.get(port)?.stdin.write(`${command}\n`);
  }

  /** True when the upstream has both routes of this port's server, or neither. */
  private async hears(port: LabPort, present: boolean): Promise<boolean> {
    const { prefix, ipv4 } = this.lab.servers[port];
    const { lines } = await this.upstream.command('show route');
    return [prefix, `${ipv4}/32`].every(
      (destination) => lines.some(({ text }) => text.startsWith(`${destination} `)) === present,
    );
  }
}
