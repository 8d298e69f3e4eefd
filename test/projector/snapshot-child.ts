import { writeSnapshot } from '../../src/projector/snapshot-file.js';
import { foldStored, serverAdded, serverNicReplaced, stored } from '../support/history.js';

// `snapshot-child.js DIRECTORY`: writes one snapshot after another, each of one event more, until it is killed; says each.
const [, , directory = ''] = process.argv;
const servers = 2_000;
const facts = Array.from({ length: servers }, (_, number) => {
  const place = { port: `leaf1:Ethernet${number}`, vlan: 1 + number };
  return serverAdded(`srv-${number}`, { customerId: 'c1', ...place }, number);
});
const fold = foldStored(stored(facts));
for (let ordinal = servers; ordinal < servers + 5_000; ordinal++) {
  const mac = `52:54:00:00:00:${(ordinal % 256).toString(16).padStart(2, '0')}`;
  for (const event of stored([serverNicReplaced('srv-7', { mac }, ordinal)], ordinal)) fold.fold(event);
  const origin = { logId: 'log-1', version: 'v', ordinal, position: String(ordinal), eventId: `event-${ordinal}` };
  const { stateHash } = writeSnapshot(directory, origin, fold.image());
  fold.releaseImage();
  process.stdout.write(`${ordinal} ${stateHash}\n`);
}
