// What can be asked of the list of violations, for laws that hold whatever is asked.
import fc from '../support/property.js';
import { formatInstant } from '../../events/index.js';
import { triageStates } from '../../projections/index.js';
import { readFilter, type ViolationFilter } from '../../src/feed/violation-filter.js';
import { startMs } from './violation-log.js';

const yesNo = fc.constantFrom('true', 'false');
const second = fc.nat(40).map((n) => formatInstant(startMs + n * 1000));
const everyQuestion = fc.record({
  state: fc.subarray([...triageStates], { minLength: 1 }).map((states) => states.join(',')),
  severity: fc.constantFrom('low', 'high,critical', 'medium'),
  rule: fc.constantFrom('address-spoof', 'mac-mismatch', 'unknown-mac'),
  site: fc.constantFrom('default', 'fra', 'lon'),
  port: fc.constantFrom('leaf1:Ethernet1', 'leaf9:Ethernet1'),
  switch: fc.constantFrom('leaf1', 'leaf2'),
  customer: fc.constantFrom('cust-1', 'cust-16'),
  victim: fc.constantFrom('srv-1', 'cust-16'),
  offender: fc.constantFrom('srv-66', 'cust-2'),
  'offender-server': fc.constantFrom('srv-66', 'srv-2'),
  'offender-customer': fc.constantFrom('cust-1', 'cust-9'),
  'victim-server': fc.constantFrom('srv-1', 'srv-66'),
  renumbering: fc.constantFrom('rn-1', 'rn-2', 'rn-none'),
  unknown: fc
    .subarray(['port', 'offender-server', 'offender-customer', 'victim-server'], { minLength: 1, maxLength: 2 })
    .map((names) => names.join(',')),
  assignee: fc.constantFrom('token:v1', 'token:z'),
  muted: yesNo,
  quiet: yesNo,
  'acked-before': second,
  since: second,
  q: fc.constantFrom('5254.0000.0066', '525400000067', '198.51.100.1', '2001:0db8:0:0::1', 'ETHERNET2', 'srv-2', 'v3'),
  newSince: fc.oneof(
    fc.constant('start'),
    fc.nat(40).map((n) => String(n)),
  ),
});
/** Of one or two things at once: of more there is mostly nothing. */
export const questions = everyQuestion.chain((all) =>
  fc
    .subarray(Object.keys(all), { maxLength: 2 })
    .map((names) => Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)))),
);

export function understood(question: Readonly<Record<string, string>>): ViolationFilter {
  const read = readFilter(question, []);
  if ('problem' in read) throw new Error(read.problem);
  return read.value;
}
