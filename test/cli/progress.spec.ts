import { Progress } from '../../src/cli/progress.js';

function watched(errIsTerminal: boolean) {
  let now = 0;
  const written: string[] = [];
  const io = {
    out: () => {},
    err: (text: string) => void written.push(text),
    errIsTerminal,
    env: {},
    stdin: (async function* () {})(),
  };
  const progress = new Progress(io, 'events', () => now);
  return { written, progress, at: (ms: number) => void (now = ms) };
}

describe('progress', () => {
  it('is a bar on a terminal, drawn over itself and taken away', () => {
    const { written, progress, at } = watched(true);
    at(1000);
    progress.show(500, 0.25);
    progress.clear();
    expect(written).toEqual(['\r\u001b[K[######------------------] 25 % 500 events, 500/s, 3 s left', '\r\u001b[K']);
  });

  it('is nothing elsewhere', () => {
    const { written, progress, at } = watched(false);
    for (let ms = 0; ms <= 11_000; ms += 100) {
      at(ms);
      progress.show(ms, undefined);
    }
    progress.clear();
    expect(written).toEqual([]);
  });
});
