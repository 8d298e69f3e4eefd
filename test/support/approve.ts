import { setTimeout as sleep } from 'node:timers/promises';

interface Seen {
  readonly planHash?: string;
  readonly lines: readonly object[];
  readonly brake?: { readonly code: string };
}

/** An operator who waits for the first plan of a device and applies it, over HTTP as everybody. The token has scope operator. */
export async function approveFirstPlan(
  url: string,
  token: string,
  device = 'leaf1',
  isComplete: (lines: readonly object[]) => boolean = () => true,
  withinMs = 60_000,
): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const end = performance.now() + withinMs;
  let seen = '';
  while (performance.now() < end) {
    const answer = await fetch(`${url}/v1/devices/${device}/plan`, { headers });
    const plan = (await answer.json()) as Seen;
    seen = JSON.stringify(plan);
    if (answer.ok && plan.brake?.code === 'first-plan' && isComplete(plan.lines)) {
      const applied = await fetch(`${url}/v1/plans/${plan.planHash}/apply`, { method: 'POST', headers, body: '{}' });
      if (applied.ok) return;
      seen = await applied.text(); // the map moved meanwhile: look again
    }
    await sleep(10);
  }
  throw new Error(`the first plan of ${device} could not be applied within ${withinMs} ms: ${seen.slice(0, 500)}`);
}
