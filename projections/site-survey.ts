import type { NetworkMap } from './network-map.js';

/** What configuration says of a site: whether it begins in survey. */
export interface ConfiguredSurvey {
  readonly name: string;
  readonly survey?: boolean;
}

/** True while findings at a site are kept and not alerted: by the last word of an operator, else by the configuration. */
export function isInSurvey(
  map: Pick<NetworkMap, 'surveys'>,
  sites: readonly ConfiguredSurvey[],
  site: string,
): boolean {
  return map.surveys.get(site)?.inSurvey.value ?? sites.find((one) => one.name === site)?.survey ?? false;
}
