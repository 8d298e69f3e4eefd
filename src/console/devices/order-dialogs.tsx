import type { VNode } from 'preact';
import { post } from '../api.js';
import { useApp } from '../app-context.js';
import { shortText } from '../shown-text.js';
import { Name } from '../text.js';
import { type ForeignEntry, planInWords } from './device-facts.js';
import { WordDialog } from './word-dialog.js';

/** What of a plan was looked at when it was approved. */
export interface SeenPlan {
  readonly planHash: string;
  readonly add: number;
  readonly remove: number;
}

interface ApproveProps {
  readonly device: string;
  readonly seen: SeenPlan;
  /** The plan that the device has now. */
  readonly current: string | undefined;
  /** Of its source guard. */
  readonly isGuard?: boolean;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

interface Applied {
  readonly outcome: string;
  readonly error?: string;
  readonly lines: readonly unknown[];
  readonly left: readonly unknown[];
}

const moved = 'The plan moved after you looked at it. Nothing was approved: close this, and look at the new one.';

/** Approves exactly the plan that was seen, by its hash: one that moved meanwhile is refused, here and by the engine. */
export function ApproveDialog({ device, seen, current, isGuard = false, onDone, onClose }: ApproveProps): VNode {
  const { say } = useApp();
  const approve = async (confirm: string | undefined): Promise<void> => {
    const path = isGuard
      ? `/v1/devices/${encodeURIComponent(device)}/guard/plans/${seen.planHash}/apply`
      : `/v1/plans/${seen.planHash}/apply`;
    const named = isGuard ? {} : { device };
    try {
      const { outcome, error, lines } = await post<Applied>(path, {
        ...named,
        ...(confirm !== undefined && { confirm }),
      });
      say(
        outcome === 'failed'
          ? `The plan failed: ${shortText(error ?? 'the device does not say why', 200)}`
          : `${shortText(device)}: ${outcome}, ${lines.length} lines read back.`,
        outcome === 'confirmed' || outcome === 'nothing-to-do' ? 'done' : 'failed',
      );
    } finally {
      onDone();
    }
  };
  return (
    <WordDialog
      title={`Approve the plan of ${shortText(device)}${isGuard ? '’s guard' : ''}`}
      label="Approve"
      blocked={current === seen.planHash ? undefined : moved}
      onDo={approve}
      onClose={onClose}
    >
      <p class="preview">
        {planInWords(seen) ?? 'nothing to do'} <span class="code">{seen.planHash}</span>
      </p>
      <p class="explains">Exactly this plan is done, whatever brake holds it, and the device is read back.</p>
    </WordDialog>
  );
}

interface AdoptProps {
  readonly device: string;
  readonly entry: ForeignEntry;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Takes an entry of somebody else's over; it goes where billing did not sell it. */
export function AdoptDialog({ device, entry, onDone, onClose }: AdoptProps): VNode {
  const { say } = useApp();
  const { address, interface: interfaceName, mac } = entry;
  const adopt = async (confirm: string | undefined): Promise<void> => {
    await post(`/v1/devices/${encodeURIComponent(device)}/adopt`, {
      address,
      interface: interfaceName,
      ...(confirm !== undefined && { confirm }),
    });
    onDone();
    say(`Adopted: ${shortText(address)} on ${shortText(interfaceName)} is ours, as read back.`);
  };
  return (
    <WordDialog title={`Adopt ${shortText(address)}`} label="Adopt" onDo={adopt} onClose={onClose}>
      <p class="preview">
        <Name text={address} /> <Name text={interfaceName} /> <Name text={mac} />
      </p>
      <p class="explains">
        From then on it is ours, and goes where billing did not sell it. Whoever closes this leaves it as it is: an
        entry of somebody else’s is never changed.
      </p>
    </WordDialog>
  );
}
