import type { VNode } from 'preact';
import { Fact, Section } from '../detail-sections.js';
import { Age, Name } from '../text.js';
import { inWords } from '../violation.js';
import type { DeviceRow } from './device-facts.js';
import { FrozenBy, RoomBar, Standing } from './standing.js';

/** How a device is at this moment. */
export function DeviceNow({ row }: { readonly row: DeviceRow }): VNode {
  const { frozen, brake, error, drift, lastReconcile, headroom } = row;
  return (
    <Section title="Now">
      <dl class="facts">
        <Fact name="Switch">
          <Name text={row.switch} />
        </Fact>
        {frozen !== undefined && (
          <Fact name="Frozen">
            <FrozenBy frozen={frozen} />
          </Fact>
        )}
        {brake !== undefined && brake.code !== 'frozen' && (
          <Fact name="Brake">
            <strong>{inWords(brake.code)}</strong>: <Name text={brake.detail} most={400} />
          </Fact>
        )}
        {error !== undefined && (
          <Fact name="Error">
            <span class="bad">
              <Name text={error} most={400} />
            </span>
          </Fact>
        )}
        <Fact name="Drift">
          {drift.since === undefined ? (
            'none'
          ) : (
            <>
              {drift.lines === 1 ? '1 line' : `${drift.lines} lines`} changed by the device itself, since{' '}
              <Age at={drift.since} />
            </>
          )}
        </Fact>
        <Fact name="Last reconcile">
          {lastReconcile === undefined ? (
            'none yet'
          ) : (
            <>
              <Standing name={lastReconcile.outcome} /> <Age at={lastReconcile.at} /> ago
            </>
          )}
        </Fact>
        <Fact name="Room">
          {headroom === undefined ? (
            'not read yet'
          ) : (
            <>
              <RoomBar room={headroom.neighbours} what="entries" />
              <br />
              <RoomBar room={headroom.routes} what="routes" />
            </>
          )}
        </Fact>
      </dl>
    </Section>
  );
}
