import { once } from 'node:events';
import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { CliError } from '../../cli/command.js';
import { openTruth, TruthError, type TruthFile } from './truth-file.js';
import { readTruthRows } from './truth-rows.js';
import type { TruthOrder, TruthTold } from './truth-told.js';

// Reads billing's file in a thread of its own, after everybody else: a large file or a long line never holds up the engine.

if (parentPort === null) throw new Error('read-truth.worker runs as a worker thread of the comparison only');
const port = parentPort;
const tell = (told: TruthTold): void => port.postMessage(told);
const order = workerData as TruthOrder;
// On Linux a priority is that of the calling thread alone.
if (process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_LOW);
let truth: TruthFile | undefined;
try {
  truth = await openTruth(order.file, order.maxBytes);
  const end = await readTruthRows(truth, order, async (records) => {
    const answered = once(port, 'message');
    tell({ records });
    // The engine has held them against its map.
    await answered;
  });
  tell({ end });
} catch (error) {
  const file = truth?.facts;
  if (!(error instanceof TruthError || error instanceof CliError)) throw error;
  const problem = error instanceof TruthError ? error.code : 'file-malformed';
  tell({ problem, detail: error.message, ...(file && { file }) });
} finally {
  await truth?.handle.close();
  port.close();
}
