/** Connections to a server on which a test says every byte. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Open, with these bytes sent; what it is answered is not read before `answered`, or a listener, asks for it. */
export async function dial(url: string, bytes = '', options: { allowHalfOpen?: boolean } = {}): Promise<Socket> {
  const { port, hostname } = new URL(url);
  const socket = connect({ port: Number(port), host: hostname, ...options });
  // A connection that breaks is what these tests look for.
  socket.on('error', () => undefined).pause();
  await once(socket, 'connect');
  if (bytes !== '') socket.write(bytes);
  return socket;
}

/** All that comes until the server ends the connection, or breaks it. */
export async function answered(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk)).resume();
  if (!socket.destroyed && !socket.readableEnded) {
    await new Promise((resolve) => socket.once('end', resolve).once('close', resolve));
  }
  return Buffer.concat(chunks).toString();
}

/** What these bytes are answered on a connection of their own. */
export async function exchange(url: string, bytes: string): Promise<string> {
  const socket = await dial(url, bytes);
  const text = await answered(socket);
  socket.destroy();
  return text;
}

/** The status, the headers by their lower-case names, and the body of the first answer in a text. */
export function parseAnswer(text: string): { status: number; headers: Record<string, string>; body: string } {
  const [head = '', body = ''] = text.split(/\r\n\r\n(.*)/s);
  const [line = '', ...lines] = head.split('\r\n');
  const headers = lines
    .map((one) => one.split(/: ?(.*)/s))
    .map(([name = '', value = '']) => [name.toLowerCase(), value]);
  return { status: Number(line.split(' ')[1]), headers: Object.fromEntries(headers), body };
}

/** Resolves once it is so; the time limit of the test is that of the wait. */
export async function eventually(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}
