/** Who is a program on this machine: both ends of the way must be here, and nobody in between. */
import { expect } from 'chai';
import type { Request } from 'express';
import { isFromThisMachine } from '#adapters/http/operations/this-machine.ts';

type Asked = Readonly<{ peer?: string | undefined; ip?: string | undefined; headers?: Record<string, string> }>;

function isHere({ peer = '127.0.0.1', ip = peer, headers = {} }: Asked): boolean {
  const request = { socket: { remoteAddress: peer }, ip, headers: { host: 'localhost:3000', ...headers } };
  return isFromThisMachine(request as unknown as Request);
}

describe('a program on this machine', () => {
  it('comes from loopback, by whatever name it asks for it', () => {
    for (const peer of ['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1'])
      expect(isHere({ peer }), peer).to.equal(true);
    for (const host of ['localhost', 'LOCALHOST:3000', '127.0.0.1:80', '[::1]:3000', '127.0.0.2'])
      expect(isHere({ headers: { host } }), host).to.equal(true);
  });

  it('is none that comes from elsewhere, whatever a proxy says of it', () => {
    for (const peer of ['203.0.113.9', '10.0.0.1', '::ffff:10.0.0.1', '2001:db8::1', '1.127.0.0.1', '']) {
      expect(isHere({ peer }), peer).to.equal(false);
      expect(isHere({ peer, ip: '127.0.0.1' }), `${peer} for 127.0.0.1`).to.equal(false);
    }
    const unknown = { socket: { remoteAddress: undefined }, ip: undefined, headers: { host: 'localhost' } };
    expect(isFromThisMachine(unknown as unknown as Request)).to.equal(false);
  });

  it('is none for whom a trusted proxy on this machine speaks', () => {
    for (const ip of ['203.0.113.9', '10.0.0.1', 'unknown']) expect(isHere({ ip }), ip).to.equal(false);
  });

  it('is none that something was passed on for, trusted or not, loopback or not', () => {
    const added = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip'];
    for (const name of added) expect(isHere({ headers: { [name]: '127.0.0.1' } }), name).to.equal(false);
    expect(isHere({ headers: { 'x-forwarded-for': '' } })).to.equal(false);
  });

  it('asks for this machine: a proxy that says nothing, and a page whose name leads here, ask for another host', () => {
    const hosts = [
      'tavern.example',
      'tavern.example:3000',
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      '',
      '10.0.0.1',
    ];
    for (const host of hosts) expect(isHere({ headers: { host } }), host).to.equal(false);
  });
});
