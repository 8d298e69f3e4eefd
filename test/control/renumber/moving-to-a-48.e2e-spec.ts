// The page "moving everybody to a /48", typed.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renumberingStates } from '../../../events/index.js';
import type { RenumberingView } from '../../../src/control/renumber/renumber-view.js';
import { portledger, type Said, speakingTo } from '../../cli/said.js';
import { until } from '../../reactors/reactor-bench.js';
import { RenumberRig } from './renumber-rig.js';

const page = readFileSync('src/control/moving-to-a-48.md', 'utf8');
/** Its commands, in the order in which they stand there. */
const typed = [...page.matchAll(/```sh\n([^]*?)```/g)].flatMap(([, block = '']) => block.trim().split('\n'));

describe('the page on moving everybody to a /48', () => {
  let rig: RenumberRig;
  beforeEach(async () => {
    rig = await RenumberRig.start();
  });
  afterEach(() => rig.stop());

  const file = (): string => join(rig.engine.directory, 'moves.csv');
  /** Runs a command of the page; what it sends into the list is kept there. */
  async function type(command: string): Promise<Said> {
    const [call = '', into] = command.split(' > ');
    const words = call.replace('moves.csv', file()).split(' ');
    expect(words.shift()).toBe('portledger');
    const said = await portledger(words, speakingTo(rig.engine, rig.engine.tokens.operator));
    if (into !== undefined) writeFileSync(file(), said.out);
    return said;
  }
  const listed = async (): Promise<RenumberingView[]> =>
    (await rig.say('list', '--json')).out
      .trim()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as RenumberingView);

  it('has a row for every state, and is linked from the README', () => {
    for (const state of renumberingStates) expect(page).toContain(`| \`${state}\``);
    expect(readFileSync('README.md', 'utf8')).toContain('(src/control/moving-to-a-48.md)');
  });

  it('has commands that do what it says, from one server to all of them', async () => {
    expect(typed).toHaveLength(6);
    const [startOne = '', list = '', candidates = '', toFile = '', startList = '', nextAll = ''] = typed;
    await rig.sell();
    for (const number of [17, 18, 19]) {
      const serverId = `srv-${number}`;
      await rig.publish('ServerAdded', {
        serverId,
        customerId: `cust-${number}`,
        port: `leaf1:Ethernet${number}`,
        vlan: number,
      });
      await rig.publish('Ipv6PrefixAssigned', { serverId, prefix: `2001:db8:${number}::/64` });
    }
    expect(await type(startOne)).toMatchObject({ code: 0, out: expect.stringContaining('planned') as string });
    expect((await type(list)).out).toMatch(/srv-16 +2001:db8:16::\/64 +2001:db8:1016::\/48 +planned +operator/);
    // The one that is under way is no candidate any more.
    const { out } = await type(candidates);
    expect(out).toMatch(/srv-17[^]*srv-18[^]*srv-19[^]*\n3 prefixes of length 64/);
    expect(out).not.toContain('srv-16');
    await type(toFile);
    const filled = readFileSync(file(), 'utf8').replace(
      /^srv-(\d+),.*,$/gm,
      (line, number: string) => `${line}2001:db8:10${number}::/48`,
    );
    writeFileSync(file(), filled);
    const two = startList.replace('--at-once 20', '--at-once 2');
    expect(await type(two)).toMatchObject({ code: 0, err: '1 started, 0 were before, 2 are left; 2 are under way.\n' });
    expect((await type(two)).err).toBe('0 started, 1 were before, 2 are left; 2 are under way.\n');
    expect((await type(startList)).err).toBe('2 started, 1 were before, 0 are left; 4 are under way.\n');
    expect((await type(nextAll)).err).toBe('4 went on.\n');
    expect((await type(nextAll)).err).toBe('0 went on.\n');
    expect((await listed()).map(({ state }) => state)).toEqual(Array.from({ length: 4 }, () => 'waiting-for-grant'));
    await until(() => rig.billing.received.length === 4);
    expect(new Set(rig.billing.received.map(({ data }) => data['prefix'])).size).toBe(4);
  });
});
