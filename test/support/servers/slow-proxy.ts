/** Stands between a server and Redis: holds back what is said, or cuts the connections. */
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export class SlowProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #target: number;
  /** Milliseconds by which each answer is late. */
  delayMs = 0;

  private constructor(target: number) {
    this.#target = target;
    this.#server = createServer((client) => this.#join(client));
  }

  /** In front of this port of this machine. */
  static async start(target: number): Promise<SlowProxy> {
    const proxy = new SlowProxy(target);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `redis://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(client: Socket): void {
    const target = connect(this.#target, '127.0.0.1');
    const [one, other] = [client, target];
    for (const socket of [one, other]) {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.once('close', () => {
        this.#sockets.delete(socket);
        one.destroy();
        other.destroy();
      });
    }
    client.on('data', (bytes) => target.write(bytes));
    // In order: all are equally late, and a shorter delay waits for what came before.
    let last = Promise.resolve();
    target.on('data', (bytes) => {
      const late = this.delayMs === 0 ? Promise.resolve() : sleep(this.delayMs);
      last = Promise.all([last, late]).then(() => void client.write(bytes));
    });
  }
}
