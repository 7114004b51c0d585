/** Whether a request comes from a program on this machine, and through nobody. */
import type { Request } from 'express';

const LOOPBACK_ADDRESS = /^(?:::1|(?:::ffff:)?127(?:\.\d{1,3}){3})$/i;
const LOOPBACK_HOST = /^(?:localhost|\[::1\]|127(?:\.\d{1,3}){3})(?::\d{1,5})?$/i;

/** What proxies add. Whoever sends one by themselves is taken for a proxy, and loses by it. */
const PASSED_ON = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip'];

/**
 * Both ends must be here: the socket's, and the address that trusted proxies tell. A proxy on this machine is no
 * client, trusted or not, and shows it by a header that it adds or by the host that it was asked for. The host also
 * turns away pages of others whose names lead to this machine.
 */
export function isFromThisMachine({ socket, ip, headers }: Request): boolean {
  if (!isLoopback(socket.remoteAddress) || !isLoopback(ip)) return false;
  return LOOPBACK_HOST.test(headers.host ?? '') && !PASSED_ON.some((name) => headers[name] !== undefined);
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && LOOPBACK_ADDRESS.test(address);
}
