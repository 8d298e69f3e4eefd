import { setTimeout as sleep } from 'node:timers/promises';
import { ask, publish, serverFact } from './billing.js';
import { portledger, startStoryEngine } from './engine.js';
import { expectWorld, type Play, type Scene, until } from './scene.js';
import { sameSet } from './scenes-routes.js';
import type { Stage } from './stage.js';

const bought = 250;

export const kill: Scene = {
  title: 'The engine is killed in the middle of a push, and started again',
  async play(play) {
    const { stage, tokens, tell } = play;
    const before = (await stage.entries()).size;
    const addresses: string[] = [];
    for (let round = 0; ; round++) {
      const more = Array.from({ length: bought }, (_, index) => `100.64.${round}.${index + 1}`);
      addresses.push(...more);
      await publish(play.engine, tokens, more.map(addOnOf));
      if (stage.kind === 'lab') {
        const done = before + addresses.length - bought;
        await until('the push has begun', async () => (await stage.entries()).size > done);
      }
      await play.engine.kill();
      const entries = (await stage.entries()).size - before - addresses.length + bought;
      const routes = (await announcedCount(stage)).size;
      const missing = addresses.length + 6 - routes;
      // A kill that came too late proves nothing: then there is another round.
      const isMidPush = missing > 0 && (entries > 0 || missing < bought);
      if (!isMidPush && stage.kind === 'lab' && round < 5) {
        play.engine = await startStoryEngine(stage, 'data');
        await until('the last push is complete', () => stands(stage, before, addresses), 120_000);
        continue;
      }
      expectWorld(isMidPush || stage.kind === 'simulated', 'one of six kills comes in the middle of a push');
      const how = stage.kind === 'lab' ? 'kill -9' : 'stopped (it lives in this process, so it cannot be killed alone)';
      tell(
        `${how} with ${Math.max(0, entries)} of ${bought} new entries in the switch and ${missing} routes still missing`,
      );
      break;
    }
    play.engine = await startStoryEngine(stage, 'data');
    await until('all entries and routes stand', () => stands(stage, before, addresses), 120_000);
    tell(`started again -> every one of the ${addresses.length} entries and routes is there`);
  },
};

export const emptyLog: Scene = {
  title: 'The engine is started with an empty data directory',
  async play(play) {
    const { stage, tokens, tell } = play;
    await play.engine.kill();
    const entries = await stage.entries();
    const announced = [...(await announcedCount(stage))];
    const amnesiac = await startStoryEngine(stage, 'empty');
    try {
      interface Status {
        readonly state: string;
        readonly brake?: { readonly code: string; readonly detail: string };
      }
      let status: Status | undefined;
      await until('the engine has looked at the device', async () => {
        status = await ask<Status>(amnesiac, tokens, '/v1/devices/leaf1');
        return status.state !== 'starting' && status.state !== 'failing';
      });
      expectWorld(status?.state === 'braked', `the engine refuses to write, seen ${status?.state}`);
      await sleep(300);
      expectWorld(sameSet(await stage.entries(), [...entries]), 'every entry is untouched');
      expectWorld(sameSet(await announcedCount(stage), announced), 'every route is untouched');
      tell(`refuses to write: ${status?.brake?.code}`);
      tell(`    ${withoutIds(status?.brake?.detail ?? '')}`);
      tell(`entries and routes on the switch: all ${entries.size} and ${announced.length} untouched`);
    } finally {
      await amnesiac.stop();
    }
    play.engine = await startStoryEngine(stage, 'data');
  },
};

export const audit: Scene = {
  title: 'Who had this address, and why',
  async play({ stage, tokens, engine, tell, moments }: Play) {
    const { ipv4 } = stage.servers.vlan16;
    const before = moments.get('before the changes') ?? '';
    const whoHad = await portledger(engine, tokens.readerFile, ['audit', 'who-had', ipv4]);
    expectWorld(whoHad.includes('srv-16'), 'who-had names the owner');
    const explainedBefore = await portledger(engine, tokens.readerFile, ['audit', 'explain', ipv4, '--at', before]);
    expectWorld(explainedBefore.includes('52:54:00:00:00:16'), 'before the changes the old card is named');
    const explained = await portledger(engine, tokens.readerFile, ['audit', 'explain', ipv4]);
    expectWorld(explained.includes('52:54:00:00:01:16'), 'now the new card is named');
    tell(`$ portledger audit who-had ${ipv4}`);
    for (const line of whoHad.trimEnd().split('\n')) tell(`    ${line}`);
    tell(`$ portledger audit explain ${ipv4} --at <before the card was replaced>`);
    for (const line of explainedBefore.trimEnd().split('\n')) tell(`    ${line}`);
    tell(`$ portledger audit explain ${ipv4}`);
    for (const line of explained.trimEnd().split('\n')) tell(`    ${line}`);
  },
};

const addOnOf = (address: string) => serverFact('Ipv4AddOnBought', 'srv-66', { addOnId: `extra-${address}`, address });

async function stands(stage: Stage, before: number, addresses: readonly string[]): Promise<boolean> {
  const announced = await announcedCount(stage);
  const entries = (await stage.entries()).size;
  return entries === before + addresses.length && addresses.every((address) => announced.has(`${address}/32`));
}

async function announcedCount(stage: Stage): Promise<Set<string>> {
  return new Set((await stage.announced()).keys());
}

const withoutIds = (text: string): string => text.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, (id) => `${id.slice(0, 8)}…`);
