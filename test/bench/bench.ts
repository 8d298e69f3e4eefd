import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { whyNoFlood } from '../lab/flood.js';
import { whyNoLab } from '../lab/lab-needs.js';
import { addressesRoom } from './addresses.room.js';
import { auditRoom } from './audit.room.js';
import { carrierRoom } from './carrier.room.js';
import { consoleRoom } from './console.room.js';
import { devicesRoom } from './devices.room.js';
import { feedRoom } from './feed.room.js';
import { floodRoom } from './flood.room.js';
import { importRoom } from './import.room.js';
import { replayRoom } from './replay.room.js';
import { type BenchRow, tableOf } from './row.js';
import { sensorRoom } from './sensor.room.js';
import { storeRoom } from './store.room.js';
import { verifyRoom } from './verify.room.js';

// npm run --silent bench -- [ROOM ...] [--events N] [--servers N] [--json] [--out FILE] [--smoke]

/** What it works on, where a room lets that be chosen; default what it needs for its figures. */
interface Wanted {
  readonly events?: number;
  readonly servers?: number;
}

interface Room {
  readonly run: (smoke: boolean, say: (text: string) => void, wanted: Wanted) => Promise<BenchRow[]>;
  readonly whyNot: () => string | undefined;
}

const rooms: Readonly<Record<string, Room>> = {
  carrier: { run: carrierRoom, whyNot: whyNoLab },
  devices: { run: devicesRoom, whyNot: whyNoLab },
  store: { run: storeRoom, whyNot: () => undefined },
  replay: { run: replayRoom, whyNot: () => undefined },
  sensor: { run: sensorRoom, whyNot: () => undefined },
  feed: { run: feedRoom, whyNot: () => undefined },
  flood: { run: floodRoom, whyNot: () => whyNoLab() ?? whyNoFlood() },
  verify: { run: verifyRoom, whyNot: () => undefined },
  import: { run: (smoke, say, { events }) => importRoom(smoke, say, events), whyNot: () => undefined },
  audit: { run: (smoke, say, { events }) => auditRoom(smoke, say, events), whyNot: () => undefined },
  addresses: { run: addressesRoom, whyNot: () => undefined },
  console: { run: consoleRoom, whyNot: () => undefined },
};

/** Fewer tell nothing: a tenth of the events are servers, and a question needs some. */
const least = 1_000;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      events: { type: 'string' },
      servers: { type: 'string' },
      json: { type: 'boolean', default: false },
      out: { type: 'string' },
      smoke: { type: 'boolean', default: false },
    },
  });
  const unknown = positionals.find((name) => !Object.hasOwn(rooms, name));
  if (unknown !== undefined) {
    process.stderr.write(`There is no bench room ${unknown}; expected one of ${Object.keys(rooms).join(', ')}.\n`);
    return 2;
  }
  const wanted: { events?: number; servers?: number } = {};
  for (const name of ['events', 'servers'] as const) {
    if (values[name] === undefined) continue;
    wanted[name] = Number(values[name]);
    if (Number.isSafeInteger(wanted[name]) && wanted[name] >= least) continue;
    process.stderr.write(`--${name}: found ${values[name]}, expected a whole number from ${least} on.\n`);
    return 2;
  }
  const rows: BenchRow[] = [];
  let failures = 0;
  for (const [name, room] of Object.entries(rooms)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    const say = (text: string): void => void process.stderr.write(`${name}: ${text}\n`);
    const reason = room.whyNot();
    if (reason !== undefined) {
      say(`skipped: ${reason}`);
      continue;
    }
    try {
      rows.push(...(await room.run(values.smoke, say, wanted)));
    } catch (error) {
      failures++;
      say(`failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const json = `${JSON.stringify(rows, null, 2)}\n`;
  process.stdout.write(values.json ? json : `${tableOf(rows)}\n`);
  if (values.out !== undefined) await writeFile(values.out, json);
  return failures > 0 ? 1 : 0;
}

process.exitCode = await main();
