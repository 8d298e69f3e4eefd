import { describeLab } from '../lab/describe-lab.js';
import { openLabStage } from './lab.stage.js';
import { tellStory } from './tell-story.js';

describeLab('the main job, on real kernel tables and real BIRD', () => {
  tellStory(openLabStage);
});
