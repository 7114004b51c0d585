/** Name resolution that answers public addresses alone: what it has checked is what is connected to. */
import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { addressRefused } from './refusals.ts';

/** Answers all addresses of a name. Throws where it has none. */
export type Resolve = (name: string) => Promise<readonly LookupAddress[]>;

/** As the system does, which knows the hosts of the network too: their addresses are refused afterwards. */
export const systemResolve: Resolve = (name) => lookup(name, { all: true, verbatim: true });

/**
 * Returns what a socket asks for the addresses of its host, so that a name cannot lead elsewhere the second time: the
 * addresses that were checked are the ones that it connects to. A name of which one address is not public is refused.
 */
export function publicLookup(resolve: Resolve, isPublic: (address: string) => boolean): LookupFunction {
  return (name, { all }, done) => {
    resolve(name).then(
      (addresses) => {
        const [first] = addresses;
        if (first === undefined || !addresses.every(({ address }) => isPublic(address)))
          return done(addressRefused('not_public'), '', 0);
        return all ? done(null, [...addresses]) : done(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => done(error, '', 0),
    );
  };
}

/** Refuses an address that is written out: no name is looked up for it. */
export function checkHost(hostname: string, isPublic: (address: string) => boolean): void {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isPublic(host)) throw addressRefused('not_public');
}
