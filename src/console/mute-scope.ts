import { inWords, type Violation } from './violation.js';

/** What a mute is for, in words and as the API takes it: one mute for each of `scopes`. */
export interface Scope {
  readonly label: string;
  readonly scopes: readonly Readonly<Record<string, string>>[];
}

/** What can be muted about these violations: they themselves first, then wider. */
export function scopesOf(targets: readonly Violation[]): Scope[] {
  const [first] = targets;
  if (first === undefined) return [];
  const own: Scope = {
    label: targets.length === 1 ? 'this violation' : `these ${targets.length} violations`,
    scopes: targets.map(({ violationId }) => ({ violationId })),
  };
  const rule = inWords(first.rule);
  const isSame = (of: (violation: Violation) => string | undefined): boolean =>
    targets.every((violation) => of(violation) === of(first));
  const wider: Scope[] = [];
  if (!isSame((one) => one.rule)) return [own];
  const { port, offender } = first;
  if (port !== undefined && isSame((one) => one.port))
    wider.push({ label: `${rule} on ${port}`, scopes: [{ rule: first.rule, port }] });
  const customerId = offender?.customerId;
  if (customerId !== undefined && isSame((one) => one.offender?.customerId))
    wider.push({ label: `${rule} by the customer ${customerId}`, scopes: [{ rule: first.rule, customerId }] });
  return [own, ...wider];
}
