import { isLoopbackName, type MetricsConfig } from '../config/app-config.js';
import type { CallingRequest } from './authenticator.js';

/**
 * Whether a request without token and session may read the metrics: where the configuration says `loopback`, from this
 * machine and not through a proxy on it.
 */
export function mayScrape({ headers, ip }: CallingRequest, withoutToken: MetricsConfig['withoutToken']): boolean {
  if (headers['authorization'] !== undefined || headers['cookie'] !== undefined) return false;
  if (withoutToken !== 'loopback') return withoutToken === 'anywhere';
  const isForwarded = headers['x-forwarded-for'] !== undefined || headers['forwarded'] !== undefined;
  return !isForwarded && ip !== undefined && isLoopbackName(ip.replace(/^::ffff:/, ''));
}
