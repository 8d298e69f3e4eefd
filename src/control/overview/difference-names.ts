/** The lists of servers that one of the three does not agree about. */
export const differences = ['billed-not-seen', 'seen-not-billed', 'billed-not-pushed', 'pushed-not-billed'] as const;
export type Difference = (typeof differences)[number];
