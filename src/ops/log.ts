export type LogFormat = 'json' | 'pretty';
type Level = 'info' | 'warn' | 'error';
type Fields = Readonly<Record<string, unknown>>;

/**
 * One line per message on stderr. The message is constant, so that it can be searched and counted; what varies goes into fields.
 * Secrets are never given to it.
 */
export class Log {
  constructor(
    private readonly format: LogFormat = 'json',
    private readonly write: (line: string) => void = (line) => process.stderr.write(line),
  ) {}

  info(message: string, fields: Fields = {}): void {
    this.line('info', message, fields);
  }

  warn(message: string, fields: Fields = {}): void {
    this.line('warn', message, fields);
  }

  error(message: string, fields: Fields = {}): void {
    this.line('error', message, fields);
  }

  private line(level: Level, message: string, fields: Fields): void {
    const time = new Date().toISOString();
    this.write(
      `${this.format === 'json' ? asJson(time, level, message, fields) : asText(time, level, message, fields)}\n`,
    );
  }
}

function asJson(time: string, level: Level, message: string, fields: Fields): string {
  return escapeControls(JSON.stringify({ time, level, message, ...fields }));
}

function asText(time: string, level: Level, message: string, fields: Fields): string {
  const words = Object.entries(fields).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return escapeControls([time.slice(11, 23), level.padEnd(5), message, ...words].join(' '));
}

// C0, DEL, C1, line separators and bidi controls: what could forge a line or turn its text around on a terminal.
// oxlint-disable-next-line no-control-regex
const controls = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Text with every control character spelt as \uXXXX. */
export function escapeControls(text: string): string {
  return text.replace(controls, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
