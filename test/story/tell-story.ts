import { makeTokens, startStoryEngine } from './engine.js';
import type { Play } from './scene.js';
import type { Stage } from './stage.js';
import { story } from './story.js';

/** Declares one test a scene, in order, on a stage of its own; gives what was told. A scene builds on the ones before it. */
export function tellStory(openStage: () => Stage | Promise<Stage>): readonly string[] {
  let play: Play | undefined;
  let failed = false;
  const told: string[] = [];

  beforeAll(async () => {
    const stage = await openStage();
    const tokens = makeTokens(stage);
    const engine = await startStoryEngine(stage, 'data').catch(async (error: unknown) => {
      await stage.close();
      throw error;
    });
    play = { stage, tokens, engine, moments: new Map(), tell: (line) => told.push(line) };
  });
  afterAll(async () => {
    await play?.engine.stop();
    await play?.stage.close();
  });

  it.each(story.map((scene) => [scene.title, scene] as const))('%s', async (_title, scene) => {
    if (failed || play === undefined) throw new Error('an earlier scene failed; this one builds on it');
    failed = true;
    await scene.play(play);
    failed = false;
  });
  return told;
}
