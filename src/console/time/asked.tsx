import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Trouble } from '../conditions.js';
import type { Answer } from './use-answer.js';

interface AskedProps<Value> {
  readonly answer: Answer<Value>;
  readonly what: string;
  readonly children: (value: Value) => VNode;
}

/** An answer with what stands around it: that it is waited for, since when, and how to leave it. */
export function Asked<Value>({ answer, what, children }: AskedProps<Value>): VNode {
  const { value, why, since, isStopped, stop, again } = answer;
  return (
    <div class="time-asked" aria-busy={since !== undefined}>
      {since !== undefined && <Waiting what={what} since={since} onStop={stop} />}
      {isStopped && (
        <p class="time-waiting" role="status">
          Left before {what} came.{' '}
          <button type="button" onClick={again}>
            Ask again
          </button>
        </p>
      )}
      {why !== undefined && <Trouble title={`No answer about ${what}`} detail={why} onRetry={again} />}
      {value !== undefined && why === undefined && (
        <div class={since === undefined ? '' : 'time-old'}>{children(value)}</div>
      )}
    </div>
  );
}

interface WaitingProps {
  readonly what: string;
  readonly since: number;
  readonly onStop: () => void;
}

/** Said after a moment only: what comes at once needs no words. */
function Waiting({ what, since, onStop }: WaitingProps): VNode | null {
  const [now, setNow] = useState(since);
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [since]);
  const seconds = Math.floor((now - since) / 1000);
  if (now - since < 400) return null;
  return (
    <p class="time-waiting" role="status">
      <progress aria-label={`Waiting for ${what}`} /> Reading {what} from the log, {seconds} s{' '}
      <button type="button" onClick={onStop}>
        Leave it
      </button>
    </p>
  );
}
