/** Which addresses count as one. */
import { expect } from 'chai';
import { addressKey } from '#domain/shared/address-key.ts';

describe('The key of an address', () => {
  it('is an IPv4 address itself, however it is written', () => {
    expect(addressKey('203.0.113.9')).to.equal('203.0.113.9');
    expect(addressKey('::ffff:203.0.113.9')).to.equal('203.0.113.9');
    expect(addressKey(null)).to.equal('unknown');
  });

  it('is the first 64 bits of an IPv6 address, whose zeros may be left out anywhere', () => {
    const same = ['2001:db8:0:7:1:2:3:4', '2001:0db8::7:0:0:0:9', '2001:db8:0:7::', '2001:DB8:0:7::5%eth0'];
    expect(same.map(addressKey)).to.deep.equal(Array(4).fill('2001:db8:0:7'));
    expect(['::1', '::', '1::', '1:2:3:4:5:6:7::', '::2:3:4:5:6:7:8'].map(addressKey)).to.deep.equal([
      '0:0:0:0',
      '0:0:0:0',
      '1:0:0:0',
      '1:2:3:4',
      '0:2:3:4',
    ]);
  });
});
