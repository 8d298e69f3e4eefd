import { describeLab } from '../lab/describe-lab.js';
import { makeTokens, startStoryEngine } from './engine.js';
import { openLabStage } from './lab.stage.js';
import type { Play } from './scene.js';
import { story } from './story.js';

describeLab('the main job, on real kernel tables and real BIRD', () => {
  let play: Play;
  let failed = false;

  beforeAll(async () => {
    const stage = await openLabStage();
    const tokens = makeTokens(stage);
    play = { stage, tokens, engine: await startStoryEngine(stage, 'data'), moments: new Map(), tell: () => {} };
  });
  afterAll(async () => {
    await play.engine.stop();
    await play.stage.close();
  });

  it.each(story.map((scene) => [scene.title, scene] as const))(
    '%s',
    async (_title, scene) => {
      if (failed) throw new Error('an earlier scene failed; this one builds on it');
      failed = true;
      await scene.play(play);
      failed = false;
    },
    60_000,
  );
});
