/**
 * Which addresses are on the public internet. Whoever names a page for the server to fetch must not reach with it what
 * the server alone can reach: itself, its network, or the metadata service of its host.
 */
import { BlockList, isIP } from 'node:net';

/** The special-purpose registries of IANA (RFC 6890 and its successors), and multicast. */
const RESERVED_V4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const;

/** Global unicast: what is outside of it is loopback, local, mapped, translated, multicast or not given out. */
const GLOBAL_V6 = ['2000::', 3] as const;

/** Parts of global unicast that lead elsewhere: Teredo, benchmarks, documentation, 6to4, and other special purposes. */
const RESERVED_V6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const;

const reserved = new BlockList();
for (const [network, prefix] of RESERVED_V4) reserved.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of RESERVED_V6) reserved.addSubnet(network, prefix, 'ipv6');
const globalV6 = new BlockList();
globalV6.addSubnet(...GLOBAL_V6, 'ipv6');

/** Whether an IP address, without brackets, is one that anybody on the internet can reach. */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 4) return !reserved.check(address, 'ipv4');
  return version === 6 && globalV6.check(address, 'ipv6') && !reserved.check(address, 'ipv6');
}
