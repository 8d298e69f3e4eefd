import { Log } from '../../src/ops/log.js';

function written(format: 'json' | 'pretty', fields: Record<string, unknown>): string {
  let text = '';
  new Log(format, (line) => (text += line)).warn('something happened', fields);
  return text;
}

describe('the log', () => {
  it('writes one JSON object a line', () => {
    expect(JSON.parse(written('json', { port: 'leaf1:e1' }))).toMatchObject({
      level: 'warn',
      message: 'something happened',
      port: 'leaf1:e1',
    });
  });

  it.each(['json', 'pretty'] as const)('lets no field forge a line or steer a terminal (%s)', (format) => {
    const text = written(format, { name: 'a\r\nb\u001b[31m\u009b\u2028\u202e\u0000' });
    expect(text.indexOf('\n')).toBe(text.length - 1);
    // oxlint-disable-next-line no-control-regex
    expect(text.slice(0, -1)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u202e]/);
  });
});
