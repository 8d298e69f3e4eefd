import { catalogue } from '../../events/index.js';
import type { EventContract } from '../../events/index.js';
import { fieldsOf } from '../../src/intake/field-errors.js';
import { publishedTypes } from '../../src/intake/event-schemas.js';
import { RunningEngine } from './running-engine.js';

let engine: RunningEngine;
beforeAll(async () => {
  engine = await RunningEngine.start();
});
afterAll(() => engine.stop());

interface EventSchema {
  readonly example: Record<string, unknown>;
  readonly properties: {
    readonly data: { readonly properties: Record<string, { description: string }>; readonly required: string[] };
  };
}

async function schemas(): Promise<Record<string, EventSchema>> {
  const { body } = await engine.call('/docs/openapi.json');
  return (body['components'] as { schemas: Record<string, EventSchema> }).schemas;
}

describe('the API document', () => {
  it('is shown as a page with everything the page needs', async () => {
    const page = await fetch(`${engine.url}/docs`);
    expect(page.status).toBe(200);
    const assets = [...(await page.text()).matchAll(/(?:src|href)="\.\/(docs\/[^"]+)"/g)].map((match) => match[1]);
    expect(assets.length).toBeGreaterThan(3);
    for (const asset of assets) expect((await fetch(`${engine.url}/${asset}`)).status).toBe(200);
  });

  it('names every path', async () => {
    const { body } = await engine.call('/docs/openapi.json');
    expect(Object.keys(body['paths'] as object)).toEqual(expect.arrayContaining(['/livez', '/readyz', '/v1/events']));
  });

  it.each(publishedTypes)(
    'says of every field of %s what is expected, and shows an example that is accepted',
    async (type) => {
      const schema = (await schemas())[type];
      const properties = schema?.properties.data.properties ?? {};
      expect(Object.keys(properties).sort()).toEqual([...fieldsOf(catalogue[type] as EventContract)].sort());
      for (const [field, { description }] of Object.entries(properties))
        expect([field, description.length > 5]).toEqual([field, true]);
      expect((await engine.publish(schema?.example)).status).toBe(201);
    },
  );

  it('knows which fields may be left out', async () => {
    const { ServerAdded } = await schemas();
    expect(ServerAdded?.properties.data.required).toEqual(['serverId', 'customerId', 'port', 'vlan']);
  });
});
