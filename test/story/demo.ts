import { rmSync } from 'node:fs';
import { whyNoLab } from '../lab/lab-needs.js';
import { makeReader, makeTokens, startStoryEngine } from './engine.js';
import { openLabStage } from './lab.stage.js';
import type { Play } from './scene.js';
import { openSimulatedStage } from './simulated.stage.js';
import { story } from './story.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Beside the story, so that nobody who keeps what was told keeps a password. */
const aside = (line: string): void => void process.stderr.write(`${line}\n`);

/** Tells the story; with `--once` it ends there, otherwise the engine stays up until Ctrl-C. */
async function demo(args: readonly string[]): Promise<void> {
  const why = args.includes('--simulated') ? 'asked for by --simulated' : whyNoLab();
  const stage = why === undefined ? await openLabStage() : openSimulatedStage(why);
  const tokens = makeTokens(stage);
  say(`portledger, the main job, on ${stage.about}`);
  const play: Play = {
    stage,
    tokens,
    engine: await startStoryEngine(stage, 'data'),
    moments: new Map(),
    tell: (line) => say(`   ${line}`),
  };
  const stop = async (): Promise<void> => {
    await play.engine.stop();
    await stage.close();
    rmSync(stage.directory, { recursive: true, force: true });
  };
  try {
    for (const [index, scene] of story.entries()) {
      say(`\n${index + 1}. ${scene.title}`);
      await scene.play(play);
    }
    say('\nThe story is told; every line above was read from the world, and the demo stops where one is not so.');
    const { user, password } = await makeReader(stage);
    aside(`\nThe forged frames are on the page: ${play.engine.url}/console/violations?port=leaf1:Ethernet66`);
    aside(`   sign in as ${user} with the password ${password} (made for this demo, told only here)`);
    if (!args.includes('--once')) await stayUp(play);
  } finally {
    await stop();
  }
}

async function stayUp({ engine, tokens }: Play): Promise<void> {
  say(`\nThe engine stays up at ${engine.url} until you press Ctrl-C. Where to look, in another terminal:`);
  say(`   export PORTLEDGER_URL=${engine.url} PORTLEDGER_TOKEN_FILE=${tokens.readerFile}`);
  say('   node dist/src/cli.js map');
  say('   node dist/src/cli.js violations');
  say('   node dist/src/cli.js audit explain leaf1:Ethernet16');
  say(`   ${engine.url}/docs (the API)`);
  const idle = setInterval(() => {}, 60_000);
  await new Promise<void>((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
  clearInterval(idle);
}

await demo(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`The demo stopped: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
