import type { AppConfig } from './app-config.js';
import { didYouMean } from './nearest.js';
import { repeated } from './repeated.js';
import { type ShapeProblem, showValue } from './shape.js';
import { siteOf } from './sites.js';

/** Sites that are named twice or never, and moves that cannot overlap. */
export function sitesProblems(config: AppConfig): ShapeProblem[] {
  return [
    ...repeated(config.sites.map((site, s) => [`/sites/${s}/name`, site.name])),
    ...config.sites.flatMap((_, s) => gatewaysOfSite(config, s)),
    ...config.gateways.flatMap((gateway, g) => unknownSite(config, gateway.site, `/gateways/${g}/site`)),
    ...config.overlappingMoves.flatMap((_, index) => overlapProblems(config, index)),
  ];
}

/** A site that no gateway is at is a name misspelt: what it asks for would never be looked at. */
function gatewaysOfSite(config: AppConfig, index: number): ShapeProblem[] {
  const site = config.sites[index];
  const named = [...new Set(config.gateways.map((gateway) => gateway.site))];
  if (site === undefined || named.includes(site.name)) return [];
  const expected = `the site of a gateway under /gateways.${didYouMean(site.name, named)}`;
  return [{ pointer: `/sites/${index}/name`, found: showValue(site.name), expected }];
}

/** A configuration without sites may name any; one with sites means them. */
function unknownSite({ sites }: AppConfig, name: string, pointer: string): ShapeProblem[] {
  const known = sites.map((site) => site.name);
  if (known.length === 0 || name === 'default' || known.includes(name)) return [];
  return [{ pointer, found: showValue(name), expected: `a site named under /sites.${didYouMean(name, known)}` }];
}

/** RFC 4271 section 5.1.4: a MED is compared only among routes from one neighbouring AS, so it must be the same at both ends. */
function overlapProblems(config: AppConfig, index: number): ShapeProblem[] {
  const pair = config.overlappingMoves[index];
  if (pair === undefined) return [];
  const pointer = `/overlappingMoves/${index}`;
  const names = config.sites.map((site) => site.name);
  const unknown = (['from', 'to'] as const)
    .filter((end) => !names.includes(pair[end]))
    .map((end) => ({
      pointer: `${pointer}/${end}`,
      found: showValue(pair[end]),
      expected: `a site named under /sites.${didYouMean(pair[end], names)}`,
    }));
  if (unknown.length > 0) return unknown;
  const [from, to] = [siteOf(config, pair.from).neighbourAs, siteOf(config, pair.to).neighbourAs];
  if (from !== undefined && from === to) return [];
  const expected =
    'sites with one and the same neighbourAs: elsewhere a MED does not choose between them (RFC 4271 section 5.1.4)';
  return [{ pointer, found: `neighbourAs ${from ?? 'unknown'} and ${to ?? 'unknown'}`, expected }];
}
