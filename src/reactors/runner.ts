import { defer, exhaustMap, finalize, from, type Observable, Subject, throttle } from 'rxjs';

/**
 * Runs `work` for every wake-up, never two at once: any number of wake-ups during a run lead to exactly one more.
 * Level-triggered: `work` is not told what changed, it reads the state anew. `work` must not reject.
 */
export function coalesced<Result>(wakes: Observable<unknown>, work: () => Promise<Result>): Observable<Result> {
  return defer(() => {
    const finished = new Subject<void>();
    return wakes.pipe(
      throttle(() => finished, { leading: true, trailing: true }),
      exhaustMap(() => from(work()).pipe(finalize(() => finished.next()))),
    );
  });
}
