import { InFlight } from '../../src/intake/in-flight.js';

describe('work on event ids', () => {
  it('waits for other work on one of the same ids, and not for work on others', async () => {
    const inFlight = new InFlight();
    const log: string[] = [];
    let finishFirst: () => void = () => {};
    const first = inFlight.run(['a', 'b'], () => new Promise<void>((resolve) => (finishFirst = resolve)));
    const second = inFlight.run(['b', 'c'], () => Promise.resolve(void log.push('second')));
    await inFlight.run(['d'], () => Promise.resolve(void log.push('other')));
    expect(log).toEqual(['other']);
    finishFirst();
    await Promise.all([first, second]);
    expect(log).toEqual(['other', 'second']);
  });

  it('lets the next one in after work that failed', async () => {
    const inFlight = new InFlight();
    await expect(inFlight.run(['a'], () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await inFlight.run(['a'], () => Promise.resolve('done'))).toBe('done');
  });
});
