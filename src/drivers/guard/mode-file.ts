import { readIfPresent, writeWhole } from '../durable-file.js';
import { DeviceError } from '../switch/switch.port.js';
import type { GuardMode } from './guard.port.js';

const format = 'portledger-guard-modes/1';

/** One word of an operator, as it is kept. */
export interface KeptMode {
  readonly mode: GuardMode;
  readonly by: string;
  readonly at: string;
}

export interface KeptModes {
  readonly device?: KeptMode;
  readonly ports: Readonly<Record<string, KeptMode>>;
}

/** Keeps how operators want the ports of one device guarded, in a JSON file beside its stamp. */
export class ModeFile {
  constructor(
    private readonly device: string,
    private readonly path: string,
  ) {}

  /** undefined where nobody said anything. Throws a DeviceError where the file says something else. */
  read(): KeptModes | undefined {
    const text = readIfPresent(this.path);
    if (text === undefined) return undefined;
    const kept = parsed(text);
    if (kept !== undefined) return kept;
    const cure = 'restore it, or remove it: the configuration alone counts then';
    throw new DeviceError(
      this.device,
      'misconfigured',
      `${this.path} does not say how to guard; expected JSON of the format ${format}. ${cure}`,
    );
  }

  async write({ device, ports }: KeptModes): Promise<void> {
    await writeWhole(this.path, `${JSON.stringify({ format, ...(device === undefined ? {} : { device }), ports })}\n`);
  }
}

function parsed(text: string): KeptModes | undefined {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(said) || said['format'] !== format || !isObject(said['ports'])) return undefined;
  const device = said['device'] === undefined ? undefined : keptMode(said['device']);
  if (said['device'] !== undefined && device === undefined) return undefined;
  const ports: Record<string, KeptMode> = {};
  for (const [port, value] of Object.entries(said['ports'])) {
    const kept = keptMode(value);
    if (kept === undefined) return undefined;
    ports[port] = kept;
  }
  return device === undefined ? { ports } : { device, ports };
}

function keptMode(value: unknown): KeptMode | undefined {
  if (!isObject(value)) return undefined;
  const { mode, by, at } = value;
  if ((mode !== 'count' && mode !== 'drop') || typeof by !== 'string' || typeof at !== 'string') return undefined;
  return { mode, by, at };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
