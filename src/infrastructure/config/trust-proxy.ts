/** `TRUST_PROXY`: which proxies may say where a request comes from. */
import { isIP } from 'node:net';

/** What Express takes for these networks. */
const NETWORKS: readonly string[] = ['loopback', 'linklocal', 'uniquelocal'];

/** A number of hops, or names and addresses by commas; undefined for anything else. */
export function parseTrustProxy(text: string): number | string | undefined {
  if (/^\d{1,2}$/.test(text)) return Number(text);
  const proxies = text.split(',').map((proxy) => proxy.trim());
  return proxies.every((proxy) => NETWORKS.includes(proxy) || isNetwork(proxy)) ? proxies.join(',') : undefined;
}

/** An address, with or without the length of its prefix. */
function isNetwork(text: string): boolean {
  const [, address = '', length = '0'] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  return version !== 0 && Number(length) <= (version === 4 ? 32 : 128);
}
