import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { AppConfig } from '../../src/config/app-config.js';
import { loadConfig } from '../../src/config/load-config.js';
import { startEngine } from '../../src/main.js';
import { Log } from '../../src/ops/log.js';
import { hardlyLimited } from './running-engine.js';

// A whole engine in a process of its own, for tests that kill it often. It loads its code, waits for a line on its input,
// and only then starts on the directory, so that the next one can be made ready while this one still runs.
// Usage: engine-child.js DIRECTORY [CONFIGURATION]

const [directory = '', file] = process.argv.slice(2);
const config = file === undefined ? new AppConfig() : loadConfig(file);
config.dataDir = join(directory, 'data');
config.tokensFile = join(directory, 'tokens.json');
config.listen.port = 0;
config.limits = hardlyLimited;
const log = new Log('json', () => undefined);
createInterface(process.stdin).once('line', () => {
  startEngine(config, log).then(
    ({ url }) => process.stdout.write(`${JSON.stringify({ url })}\n`),
    (error: unknown) => {
      process.stdout.write(`${JSON.stringify({ refused: String(error) })}\n`);
      process.exit(1);
    },
  );
});
