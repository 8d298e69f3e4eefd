import { CliError, type Command, exitCode, type ExitCode } from '../cli/command.js';
import { EngineClient, engineOptions } from '../cli/engine-client.js';
import type { PlanView } from './plan-view.js';

/** `portledger plan`: what would change on the devices, and why. */
export const planCommand: Command = {
  usage: ['portledger plan          the plan of every device', 'portledger plan DEVICE   of one device'],
  notes: [
    '+ is put on the device, - is taken from it; below each line stands the event of the log that caused it.',
    'The plan is that of the last look at the device; a change of map or device gives it another name.',
    'It ends with 0 when every device holds what the map grants, with 5 when one does not, with 1 when one cannot be read.',
  ],
  exitCodes: ['notFound', 'differences', 'unreachable'],
  options: { ...engineOptions, all: { type: 'boolean', help: 'show every line of a long plan' } },
  run: async ({ options, positionals, io }) => {
    const [device, ...more] = positionals;
    if (more.length > 0) throw new CliError(exitCode.usage, `"${more.join(' ')}" is too much: ask about one device.`);
    const client = EngineClient.from(options, io);
    const plans =
      device === undefined
        ? ((await client.get('/v1/plans')) as { plans: readonly PlanView[] }).plans
        : [(await client.get(`/v1/devices/${encodeURIComponent(device)}/plan`)) as PlanView];
    const { renderPlan } = await import('./render-plan.js');
    if (options.flag('json')) for (const plan of plans) io.out(`${JSON.stringify(plan)}\n`);
    else
      io.out(
        plans.length === 0 ? noDevice : `${plans.map((plan) => renderPlan(plan, options.flag('all'))).join('\n\n')}\n`,
      );
    return endOf(plans);
  },
};

const noDevice = 'This engine drives no device: name some under gateways in its configuration.\n';

function endOf(plans: readonly PlanView[]): ExitCode {
  if (plans.some(({ state }) => state === 'failing' || state === 'starting')) return exitCode.error;
  return plans.some(({ state }) => state !== 'equal') ? exitCode.differences : exitCode.ok;
}
