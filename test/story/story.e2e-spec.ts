import { makeTokens, startStoryEngine } from './engine.js';
import type { Play } from './scene.js';
import { openSimulatedStage } from './simulated.stage.js';
import { story } from './story.js';

describe('the main job, on a simulated switch', () => {
  let play: Play;
  const told: string[] = [];
  let failed = false;

  beforeAll(async () => {
    const stage = openSimulatedStage('for this test');
    const tokens = makeTokens(stage);
    play = {
      stage,
      tokens,
      engine: await startStoryEngine(stage, 'data'),
      moments: new Map(),
      tell: (line) => told.push(line),
    };
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

  it('says that there was no wire', () => {
    expect(told).toContain('not shown here: there is no wire to listen on');
  });
});
