// npm run demo [-- --once] [-- --simulated]: set-up, then the story.
import { setup } from './setup.mjs';

try {
  setup();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
await import('../../dist/test/story/demo.js');
