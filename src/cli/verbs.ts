import type { Verb } from './command.js';
import { auditVerbs } from './verbs/audit.verbs.js';
import { devicesVerbs } from './verbs/devices.verbs.js';
import { engineVerbs } from './verbs/engine.verbs.js';
import { logVerbs } from './verbs/log.verbs.js';
import { sensorVerbs } from './verbs/sensor.verbs.js';
import { violationsVerbs } from './verbs/violations.verbs.js';

const completion: Verb = {
  name: 'completion',
  summary: 'Write a script that completes verbs and options in a shell',
  examples: [
    'source <(portledger completion bash)',
    'portledger completion zsh > ~/.portledger-completion.zsh',
    'portledger completion fish > ~/.config/fish/completions/portledger.fish',
  ],
  load: async () => (await import('./completion.command.js')).completionCommand(() => Promise.resolve(verbs)),
};

/** Every verb: one entry each, in the list of its room. `load` imports the file of the verb, so that no verb pays for what another one needs. */
export const verbs: readonly Verb[] = [
  ...engineVerbs,
  ...auditVerbs,
  ...devicesVerbs,
  ...violationsVerbs,
  ...logVerbs,
  ...sensorVerbs,
  completion,
];
