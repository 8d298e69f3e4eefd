// The only door of the client: `import { PortledgerClient } from 'portledger/client'`.
export type {
  Binding,
  Capacity,
  CapacityRow,
  Found,
  MapFilters,
  MapPage,
  Receipt,
  Room,
  SearchAnswer,
  ServerFact,
  ServerOnDevice,
  ServerStatus,
} from './answers.js';
export { idFromContent } from './content-id.js';
export { ClientClosedError, QuestionRefusedError, UnansweredError } from './errors.js';
export type { Fact, FactData, PublishedType } from './fact.js';
export type { Conflict, Effect, FieldError, Outcome, Refused, Rehearsed, Stored, WouldBeRefused } from './outcome.js';
export type { Waiting } from './pending-fact.js';
export { type ClientOptions, PortledgerClient } from './portledger-client.js';
export type { Progress, Published, PublishingAll } from './publish-all.js';
