/** One object of `manage.py dumpdata`, as NetBox writes it; objects with a natural key have no number. */
export interface NetboxObject {
  readonly model: string;
  readonly pk: number | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A dump by model and number. */
export class NetboxDump {
  private readonly byModel = new Map<string, Map<number, NetboxObject>>();

  constructor(readonly objects: readonly NetboxObject[]) {
    for (const one of objects) {
      if (one.pk === undefined) continue;
      const those = this.byModel.get(one.model) ?? new Map<number, NetboxObject>();
      this.byModel.set(one.model, those.set(one.pk, one));
    }
  }

  get(model: string, pk: unknown): NetboxObject | undefined {
    return typeof pk === 'number' ? this.byModel.get(model)?.get(pk) : undefined;
  }

  all(model: string): Iterable<NetboxObject> {
    return this.byModel.get(model)?.values() ?? [];
  }
}

/** Reads a dump, or says why the text is none. */
export function readDump(text: string): NetboxDump | { readonly problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { problem: `it is no JSON (${(error as Error).message})` };
  }
  if (!Array.isArray(value)) return { problem: 'expected a list of objects, as dumpdata writes it' };
  const objects: NetboxObject[] = [];
  for (const one of value as unknown[]) {
    const { model, pk, fields } = (typeof one === 'object' && one !== null ? one : {}) as Record<string, unknown>;
    if (typeof model !== 'string' || typeof fields !== 'object' || fields === null)
      return { problem: `object ${objects.length + 1} has no model and fields, as dumpdata writes them` };
    const number = typeof pk === 'number' ? pk : undefined;
    objects.push({ model, pk: number, fields: fields as Readonly<Record<string, unknown>> });
  }
  return new NetboxDump(objects);
}

/** An object as messages and the report name it. */
export const nameOf = ({ model, pk }: NetboxObject): string => (pk === undefined ? model : `${model} ${pk}`);
