// npm run demo [-- --once] [-- --simulated]: set-up, then the story; npm run demo -- --pi-cloud: the Pi cloud instead.
import { setup } from './setup.mjs';

try {
  setup();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
await import(
  process.argv.includes('--pi-cloud') ? '../../dist/test/story/pi-cloud/pi-cloud.js' : '../../dist/test/story/demo.js'
);
