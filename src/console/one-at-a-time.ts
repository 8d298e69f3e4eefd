/**
 * Runs the work as often as it is asked for, one run at a time: what is asked for during a run is one more run after it,
 * however often. So an answer that is slower than the questions arrives all the same.
 * @param restMs between the end of one run and the start of the next
 */
export function oneAtATime(work: () => Promise<unknown>, restMs = 0): () => void {
  let isRunning = false;
  let isAsked = false;
  const run = async (): Promise<void> => {
    isRunning = true;
    while (isAsked) {
      isAsked = false;
      await work().catch(() => undefined);
      if (restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs));
    }
    isRunning = false;
  };
  return () => {
    isAsked = true;
    if (!isRunning) void run();
  };
}
