import { expect } from 'chai';
import { isPublicAddress } from '../../../src/adapters/web-pages/public-addresses.ts';

const PUBLIC = [
  '1.1.1.1',
  '8.8.8.8',
  '100.63.255.255',
  '100.128.0.0',
  '172.15.0.1',
  '172.32.0.1',
  '223.255.255.255',
].concat(['2606:4700:4700::1111', '2a00:1450:4001:81b::200e', '2001:4860:4860::8888']);
const NOT_PUBLIC = {
  'this host': ['0.0.0.0', '0.1.2.3', '127.0.0.1', '127.255.255.254', '::', '::1'],
  'private networks': ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fc00::1', 'fd12:3456::1'],
  'link-local addresses': ['169.254.169.254', '169.254.0.1', 'fe80::1', 'febf::1'],
  'carrier-grade NAT': ['100.64.0.1', '100.127.255.255'],
  'IPv4 mapped into IPv6': ['::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:8.8.8.8', '::127.0.0.1'],
  'translated addresses': ['64:ff9b::7f00:1', '64:ff9b:1::a00:1', '2002:7f00:1::', '2001:0:4136:e378::1'],
  'multicast and reserved addresses': ['224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255', 'ff02::1'],
  'documentation and benchmarks': ['192.0.2.1', '198.51.100.1', '203.0.113.1', '198.18.0.1', '2001:db8::1', '3fff::1'],
  'what is no address': ['', 'localhost', '127.1', '0x7f000001', '2130706433', '1.2.3.4.5', '::1%lo'],
};

describe('Public addresses', () => {
  it('are those of the internet', () => {
    for (const address of PUBLIC) expect(isPublicAddress(address), address).to.equal(true);
  });

  for (const [what, addresses] of Object.entries(NOT_PUBLIC))
    it(`are not ${what}`, () => {
      for (const address of addresses) expect(isPublicAddress(address), address).to.equal(false);
    });
});
