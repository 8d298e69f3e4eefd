import type { ExceptionGranted } from '../../events/index.js';
import type { ExceptionRow } from '../exceptions.projection.js';
import type { MuteRow } from '../mutes.projection.js';
import type { SurveyRow } from '../surveys.projection.js';
import type { Packing } from './packing.js';

const scope = ['port', 'mac', 'prefix', 'serverId'] as const;

/** Few, and made of words. */
export const packedExceptions: Packing<ExceptionRow> = {
  pack({ granted, ended }, into) {
    into.flag(granted !== undefined);
    if (granted !== undefined) {
      const { value } = granted;
      for (const text of [value.rule, value.owner, value.reason, value.expires]) into.text(text);
      for (const name of scope) {
        into.flag(value[name] !== undefined);
        if (value[name] !== undefined) into.text(value[name]);
      }
      into.stamp(granted);
    }
    into.flag(ended !== undefined);
    if (ended !== undefined) into.stamp(ended);
  },
  unpack(key, from) {
    let granted: ExceptionRow['granted'];
    if (from.flag()) {
      const [rule, owner, reason, expires] = [from.text(), from.text(), from.text(), from.text()];
      const value: Record<string, string> = { exceptionId: key, rule };
      for (const name of scope) if (from.flag()) value[name] = from.text();
      granted = {
        value: Object.assign(value, { owner, reason, expires }) as unknown as ExceptionGranted,
        ...from.stamp(),
      };
    }
    return { exceptionId: key, granted, ended: from.flag() ? from.stamp() : undefined };
  },
};

export const packedSurveys: Packing<SurveyRow> = {
  pack({ inSurvey, reason }, into) {
    into.flag(inSurvey.value);
    into.stamp(inSurvey);
    into.text(reason);
  },
  unpack(key, from) {
    const inSurvey = { value: from.flag(), ...from.stamp() };
    return { site: key, inSurvey, reason: from.text() };
  },
};

const muteTexts = ['violationId', 'rule', 'port', 'customerId', 'endedBy', 'endReason'] as const;

export const packedMutes: Packing<MuteRow> = {
  pack(row, into) {
    for (const name of muteTexts) {
      into.flag(row[name] !== undefined);
      if (row[name] !== undefined) into.text(row[name]);
    }
    for (const text of [row.reason, row.by]) into.text(text);
    for (const time of [row.mutedAt, row.until]) into.time(time);
    into.flag(row.endedAt !== undefined);
    if (row.endedAt !== undefined) into.time(row.endedAt);
    into.ordinal(row.changedAt);
  },
  unpack(key, from) {
    const row: Record<string, string | number> = { muteId: key };
    for (const name of muteTexts) if (from.flag()) row[name] = from.text();
    for (const name of ['reason', 'by']) row[name] = from.text();
    for (const name of ['mutedAt', 'until']) row[name] = from.time();
    if (from.flag()) row['endedAt'] = from.time();
    row['changedAt'] = from.ordinal();
    return row as unknown as MuteRow;
  },
};
