import { applyDecorators } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { mostBindings } from './question.js';
import { mostSteps, usualSteps } from './step/step-question.js';

const fields = {
  server: 'only this server; the one way to see a removed one',
  customer: 'only servers of this customer',
  ip: 'only who holds this address, has it inside a prefix, or waits for it',
  mac: 'only servers with this MAC, in any notation',
  port: 'only servers on this port, as switch:interface',
  switch: 'only servers on this switch',
  subject:
    'an IP address, an IPv6 prefix, a MAC in any notation, a port, or a server id; `ip:`, `mac:`, `port:` or `server:` in front leaves one meaning',
  at: 'valid time: facts that had become true by then, as they are known; RFC 3339 with a zone',
  between: 'instead of `at`: a stretch of valid time as FROM..TO, both RFC 3339 with a zone',
  knownAt:
    'what the engine had been told by then: RFC 3339 with a zone, or `#` and the ordinal of the last event that counts',
  device:
    'also the lines that this device, or the device of this switch, should have had; then only servers on its switch',
  violations: '`true`: also the violations that were open then',
  limit: `bindings or reads in one answer, 1 to ${mostBindings} (default ${mostBindings})`,
  cursor: '`next` of the page before',
  ordinal: 'the event with this ordinal',
  id: 'the event with this id',
  position: 'the event at this position',
  size: 'prove it in the tree of so many events; default all',
  axis: '`time`: the world as it went on; `known`: what the engine had been told; default by how `from` and `to` are written',
  who: '`user:NAME`, `token:NAME`, the name alone, or the id of a token',
  after: '`next` of the page before',
  from: 'events of the shorter log',
  to: 'events of the longer log; default all',
} as const;

const ofMap = ['server', 'customer', 'ip', 'mac', 'port', 'switch', 'at', 'knownAt', 'limit', 'cursor'] as const;
const ofDiff = ['from', 'to', 'axis', 'at', 'knownAt', 'limit', 'cursor'] as const;
const ofSubject = ['subject', 'at', 'between', 'knownAt'] as const;

/** Describes a question about the map in the API's own documentation. */
export const MapQuestionDocs = (summary: string): MethodDecorator => documented(summary, ofMap);

/** Describes a question about pairs of addresses. */
export const PairsQuestionDocs = (summary: string): MethodDecorator =>
  documented(summary, ['server', 'customer', 'ip', 'mac', 'port', 'switch', 'limit', 'cursor'], {
    limit: `pairs in one answer, 1 to ${mostBindings} (default ${mostBindings})`,
  });

/** Describes a question about a map of the past. */
export const AtQuestionDocs = (summary: string): MethodDecorator =>
  documented(summary, [...ofMap, 'device', 'violations']);

/** Describes a question about one subject. */
export const SubjectQuestionDocs = (summary: string): MethodDecorator =>
  applyDecorators(
    documented(summary, ofSubject),
    ApiResponse({ status: 404, description: 'subject-unknown: no event names it' }),
  );

/** Describes a question that is answered with a dossier. */
export const DossierQuestionDocs = (summary: string): MethodDecorator =>
  applyDecorators(
    SubjectQuestionDocs(summary),
    ApiResponse({ status: 200, description: 'a zip; Repr-Digest (RFC 9530) carries its SHA-256' }),
    ApiResponse({ status: 422, description: 'no-signing-key, or dossier-too-large: the detail says what to do' }),
    ApiResponse({ status: 503, description: 'checkpoint-unsigned: nothing may be signed just now' }),
  );

/** Describes a question about two moments. */
export const DiffQuestionDocs = (summary: string): MethodDecorator =>
  documented(summary, ofDiff, {
    from: 'the earlier moment: RFC 3339 with a zone, or `#` and an ordinal',
    to: 'the later moment, written as `from` is',
    at: 'of the axis `known`: what was believed of this valid time',
    knownAt: 'of the axis `time`: what the engine had been told by then',
    limit: `differences in one answer, 1 to ${mostBindings} (default ${mostBindings})`,
  });

/** Describes a question that walks through the log. */
export const StepQuestionDocs = (summary: string): MethodDecorator =>
  documented(summary, ['subject', 'from', 'to', 'limit'], {
    subject: 'only the steps that name it, or change something of what it names; spelled as for who-had and explain',
    from: 'the first event: `#` and its ordinal, or the first one recorded then or later; default the first',
    to: 'the last event: `#` and its ordinal, or the last one recorded by then; default the newest',
    limit: `steps in one answer, 1 to ${mostSteps} (default ${usualSteps})`,
  });

/** Describes a question about who read what. */
export const AccessQuestionDocs = (summary: string): MethodDecorator =>
  documented(summary, ['between', 'who', 'after', 'limit'], {
    between: 'recorded between two instants, as `A..B`; one of them may be left out',
  });

/** Describes a question about the tree of the log. */
export const TreeQuestionDocs = (summary: string, names: readonly (keyof typeof fields)[]): MethodDecorator =>
  applyDecorators(
    documented(summary, names),
    ApiResponse({ status: 404, description: 'event-unknown, or outside-the-log: it has not so many events' }),
  );

function documented(
  summary: string,
  names: readonly (keyof typeof fields)[],
  described: Partial<Record<keyof typeof fields, string>> = {},
): MethodDecorator {
  return applyDecorators(
    ApiTags('map and audit'),
    ApiBearerAuth(),
    ApiOperation({ summary }),
    ...names.map((name) =>
      ApiQuery({
        ...{ name, type: String, description: described[name] ?? fields[name] },
        required: isNeeded(name, described),
      }),
    ),
    ApiResponse({ status: 400, description: 'question-malformed or subject-ambiguous: the detail says how to ask' }),
  );
}

/** Where a subject has a description of its own, the question can be asked without any of the three. */
function isNeeded(name: string, { subject, to }: Partial<Record<keyof typeof fields, string>>): boolean {
  if (subject !== undefined) return false;
  return name === 'subject' || name === 'from' || (name === 'to' && to !== undefined);
}
