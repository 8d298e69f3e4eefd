import type { VNode } from 'preact';
import { Severity, State } from '../marks.js';
import { Instant, Link, Name } from '../text.js';
import { ruleTitle, type Violation } from '../violation.js';
import { Asked } from './asked.js';
import { questionOf, type PanelProps } from './panel.js';
import { useAnswer } from './use-answer.js';

interface OpenViolation extends Pick<Violation, 'violationId' | 'severity' | 'rule' | 'state'> {
  readonly port?: string;
  readonly claimedAddress?: string;
  readonly count: number;
  readonly lastSeen: string;
}

interface OpenAnswer {
  readonly open?: { readonly total: number; readonly violations: readonly OpenViolation[] };
}

/** The violations that were open at the moment. */
export function ViolationsPanel({ place, at }: PanelProps): VNode {
  const answer = useAnswer<OpenAnswer>(questionOf(place, at, { violations: 'true', limit: '1' }));
  return (
    <Asked answer={answer} what="the violations">
      {({ open }) =>
        open === undefined || open.total === 0 ? (
          <p class="none">No violation was open then.</p>
        ) : (
          <>
            <p class="about">
              {open.total.toLocaleString('en')} open
              {open.total > open.violations.length && `, the ${open.violations.length} heard last are shown`}
            </p>
            <ul class="violations">
              {open.violations.map(({ violationId, severity, rule, port, claimedAddress, state, lastSeen }) => (
                <li key={violationId}>
                  <Link to={{ view: 'feed', filter: {}, open: violationId }}>
                    <Severity name={severity} /> {ruleTitle(rule)} <Name text={claimedAddress ?? ''} />{' '}
                    <Name text={port ?? ''} />
                  </Link>
                  <span class="after">
                    <State name={state} /> <Instant at={lastSeen} />
                  </span>
                </li>
              ))}
            </ul>
          </>
        )
      }
    </Asked>
  );
}
