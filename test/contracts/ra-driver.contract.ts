import assert from 'node:assert/strict';
import type { Ipv6Address } from '../../events/index.js';
import type { Advertised, RaDriver, RaState } from '../../src/drivers/ra/ra.port.js';
import { DeviceError } from '../../src/drivers/switch/switch.port.js';

/** A driver on a daemon that a check may put its hands on. It starts without a file, with the process running once there is one. */
export interface RaHarness {
  readonly driver: RaDriver;
  /** On two interfaces whose link is up. */
  readonly advertised: readonly [Advertised, Advertised];
  /** What the machines behind the two interfaces hear now: `interface router`. */
  heard(): Promise<readonly string[]>;
  /** The process is ended, or started with what its file says. */
  setRunning(running: boolean): Promise<void>;
  /** From now on the process takes no signal, or takes them again. */
  setDeaf(deaf: boolean): Promise<void>;
  /** Somebody changes our file by hand, and tells the process nothing. */
  spoil(): Promise<void>;
  /** A driver of a new process on the same daemon. */
  restarted(): RaDriver;
}

export interface RaCheck {
  /** The rule, in the present tense. */
  readonly name: string;
  readonly run: (harness: RaHarness) => Promise<void>;
}

const logId = '3f0e0f5c-7a53-4a43-9c5c-1f6f0a1f7f11';
const stamp = (ordinal: number): { logId: string; ordinal: number } => ({ logId, ordinal });
const spell = ({ interface: name, router }: Advertised): string => `${name} ${router}`;
const spelt = (all: Iterable<Advertised>): string[] => [...all].map(spell).sort();

async function push(harness: RaHarness, advertised: readonly Advertised[], ordinal = 1): Promise<void> {
  const up = new Set(harness.advertised.map((one) => one.interface));
  await harness.driver.read();
  await harness.driver.apply({ advertised, up }, stamp(ordinal));
}

/** The machines hear exactly this, and the driver says the same. */
async function expectHeard(harness: RaHarness, advertised: readonly Advertised[]): Promise<RaState> {
  const state = await harness.driver.read();
  assert.deepEqual(spelt(state.advertised.values()), spelt(advertised), 'what the driver reads');
  assert.deepEqual([state.file, state.daemon], ['intact', 'loaded']);
  assert.deepEqual([...(await harness.heard())].sort(), spelt(advertised), 'what machines hear');
  return state;
}

const refused = (work: Promise<unknown>): Promise<void> =>
  assert.rejects(work, (error) => error instanceof DeviceError && error.code === 'refused');

/** What every driver of router advertisements promises. */
export const raDriverChecks: readonly RaCheck[] = [
  {
    name: 'has each machine hear its router and no other one, and reads it back',
    async run(harness) {
      const [first, second] = harness.advertised;
      await push(harness, [first, second]);
      await harness.setRunning(true);
      await push(harness, [first, second], 2);
      await expectHeard(harness, [first, second]);
      await push(harness, [second], 3);
      await expectHeard(harness, [second]);
    },
  },
  {
    name: 'keeps the process alive where nothing is advertised, and takes the same set twice',
    async run(harness) {
      const [first] = harness.advertised;
      await push(harness, []);
      await harness.setRunning(true);
      await push(harness, [], 2);
      await expectHeard(harness, []);
      await push(harness, [first], 3);
      await push(harness, [first], 3);
      await expectHeard(harness, [first]);
    },
  },
  {
    name: 'reads the same after a restart of the engine, stamp included',
    async run(harness) {
      const [first] = harness.advertised;
      await push(harness, [first]);
      await harness.setRunning(true);
      await push(harness, [first], 41);
      const state = await harness.restarted().read();
      assert.deepEqual(spelt(state.advertised.values()), spelt([first]));
      assert.deepEqual([state.stamp, state.daemon], [stamp(41), 'loaded']);
    },
  },
  {
    name: 'refuses values that are not what their type says and interfaces that are not its business, and changes nothing',
    async run(harness) {
      const [first, second] = harness.advertised;
      await push(harness, [first]);
      const odd: Advertised[] = [
        { ...second, router: '2001:db8::1' as Ipv6Address },
        { ...second, router: 'fe80::1; }; interface eth0 {' as Ipv6Address },
        { ...second, interface: 'vlan1 { AdvSendAdvert on; }; interface x' },
        { ...second, interface: 'eth0' },
      ];
      for (const one of odd) await refused(push(harness, [first, one], 2));
      const state = await harness.driver.read();
      assert.deepEqual([spelt(state.advertised.values()), state.stamp], [spelt([first]), stamp(1)]);
    },
  },
  {
    name: 'writes for the next start where no process runs, and says that none does',
    async run(harness) {
      const [first] = harness.advertised;
      await push(harness, []);
      await harness.setRunning(true);
      await harness.setRunning(false);
      await push(harness, [first], 2);
      const state = await harness.driver.read();
      assert.deepEqual([spelt(state.advertised.values()), state.daemon], [spelt([first]), 'stopped']);
      await harness.setRunning(true);
      assert.deepEqual(await harness.heard(), [spell(first)]);
    },
  },
  {
    name: 'sees what somebody changed by hand, and puts it back',
    async run(harness) {
      const [first] = harness.advertised;
      await push(harness, [first]);
      await harness.setRunning(true);
      await push(harness, [first], 2);
      await harness.spoil();
      const { file, daemon } = await harness.driver.read();
      assert.deepEqual([file, daemon], ['changed', 'running']);
      await push(harness, [first], 3);
      await expectHeard(harness, [first]);
    },
  },
  {
    name: 'does not call loaded what the process was not seen to advertise',
    async run(harness) {
      const [first, second] = harness.advertised;
      await push(harness, [first]);
      await harness.setRunning(true);
      await push(harness, [first], 2);
      await harness.setDeaf(true);
      await refused(push(harness, [first, second], 3));
      assert.equal((await harness.driver.read()).daemon, 'running');
      await harness.setDeaf(false);
      await push(harness, [first, second], 4);
      await expectHeard(harness, [first, second]);
    },
  },
];
