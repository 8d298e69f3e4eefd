import { getMetadataStorage } from 'class-validator';
import { catalogue, type EventContract } from '../../events/index.js';
import { type EventExample, eventExamples, exampleEvent, type PublishedType } from './event-examples.js';

type Schema = Record<string, unknown>;

/** Schemas of every event type that is accepted, made from the contracts, so that they cannot drift from what is checked. */
export function eventSchemas(): Record<string, Schema> {
  return Object.fromEntries(publishedTypes.map((type) => [type, eventSchema(type)]));
}

export const publishedTypes = Object.keys(eventExamples) as PublishedType[];

function eventSchema(type: PublishedType): Schema {
  const contract = catalogue[type] as EventContract;
  const example: EventExample = eventExamples[type];
  return {
    type: 'object',
    description: `${example.says} Needs the scope ${contract.scope}.`,
    required: ['specversion', 'type', 'source', 'id', 'subject', 'time', 'data'],
    additionalProperties: false,
    properties: {
      specversion: { type: 'string', enum: ['1.0'] },
      type: { type: 'string', enum: [type] },
      source: { type: 'string', format: 'uri-reference', description: 'The source bound to your token.' },
      id: { type: 'string', description: 'Unique within your source; sending it again is safe.' },
      subject: { type: 'string', description: `What the event is about, as its data says: \`${example.subject}\`.` },
      time: { type: 'string', format: 'date-time', description: 'When the fact became true; at most 5 minutes ahead.' },
      schemaversion: { type: 'integer', minimum: 1, maximum: contract.version, description: 'Default: the newest.' },
      datacontenttype: { type: 'string', enum: ['application/json'] },
      traceparent: { type: 'string' },
      tracestate: { type: 'string' },
      data: dataSchema(contract, example.data),
    },
    example: exampleEvent(type),
  };
}

function dataSchema(contract: EventContract, example: Readonly<Record<string, unknown>>): Schema {
  const metadata = getMetadataStorage().getTargetValidationMetadatas(contract.dataClass, '', true, false);
  const names = [...new Set(metadata.map((one) => one.propertyName))];
  const optional = new Set(
    metadata.filter((one) => one.type === 'conditionalValidation').map((one) => one.propertyName),
  );
  const properties = names.map((name): [string, Schema] => {
    const rules = metadata.filter((one) => one.propertyName === name && one.type === 'customValidation');
    const expected = rules.map((rule) => expectationOf(rule.constraintCls, name)).filter((text) => text !== undefined);
    return [name, { ...typeOf(example[name]), description: expected.join('; '), example: example[name] }];
  });
  return {
    type: 'object',
    required: names.filter((name) => !optional.has(name)),
    additionalProperties: false,
    properties: Object.fromEntries(properties),
  };
}

/** What our own field decorators say about a value; class-validator keeps it in a class of its own for each rule. */
function expectationOf(constraint: unknown, name: string): string | undefined {
  const rule = typeof constraint === 'function' ? (new (constraint as new () => object)() as Rule) : undefined;
  const message = rule?.defaultMessage?.()?.replaceAll('$property', name);
  return message?.startsWith(`${name} must be `) || message?.startsWith('each of ') ? message : undefined;
}

interface Rule {
  readonly defaultMessage?: () => string | undefined;
}

function typeOf(value: unknown): Schema {
  if (Array.isArray(value)) return { type: 'array', maxItems: 500, items: typeOf(value[0]) };
  return { type: typeof value === 'number' ? 'integer' : 'string' };
}
