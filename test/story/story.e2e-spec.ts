import { openSimulatedStage } from './simulated.stage.js';
import { tellStory } from './tell-story.js';

describe('the main job, on a simulated switch', () => {
  const told = tellStory(() => openSimulatedStage('for this test'));

  it('says that there was no wire', () => {
    expect(told).toContain('not shown here: there is no wire to listen on');
  });
});
