/** How a stream is written: no faster than it is taken, and no longer than somebody takes it. */
import { once } from 'node:events';
import { Writable } from 'node:stream';
import { expect } from 'chai';
import { ndjson, type Stream, StreamEnded } from '#adapters/http/declaration/stream.ts';
import { sendStream } from '#adapters/http/streams/stream.ts';

const CHUNK = 'x'.repeat(10);
const HIGH_WATER_MARK = 100;

/** What a connection is to a stream: it takes what is written when `take` is called, and counts it. */
class Connection extends Writable {
  received = '';
  #taken: (() => void) | null = null;
  readonly #slow: boolean;

  constructor(options: Readonly<{ slow: boolean }>) {
    super({ highWaterMark: HIGH_WATER_MARK, decodeStrings: false });
    this.#slow = options.slow;
  }

  override _write(chunk: string, _encoding: string, taken: () => void): void {
    this.received += chunk;
    if (this.#slow) this.#taken = taken;
    else taken();
  }

  /** Takes what was written first. */
  take(): void {
    const taken = this.#taken;
    this.#taken = null;
    taken?.();
  }
}

/** A stream of so many chunks that tells how far it was read, and what became of its reading. */
class Source {
  read = 0;
  returned = false;
  signal: AbortSignal | null = null;
  readonly stream: Stream;

  constructor(chunks: number, each: (n: number, signal: AbortSignal) => Promise<void> = async () => undefined) {
    const pieces = (signal: AbortSignal) => this.#pieces(chunks, each, signal);
    this.stream = { contentType: 'text/plain', chunks: pieces };
  }

  async *#pieces(chunks: number, each: (n: number, signal: AbortSignal) => Promise<void>, signal: AbortSignal) {
    this.signal = signal;
    try {
      while (this.read < chunks) {
        this.read += 1;
        await each(this.read, signal);
        yield CHUNK;
      }
    } finally {
      this.returned = true;
    }
  }
}

function open(): AbortSignal {
  return new AbortController().signal;
}

/** Resolves when all that can happen without another event has happened. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}

describe('the sender of streams', () => {
  it('writes every piece in order, and ends', async () => {
    const connection = new Connection({ slow: false });
    const source = new Source(3);
    expect(await sendStream(connection, source.stream, open())).to.equal(undefined);
    expect(connection.received).to.equal(CHUNK.repeat(3));
    expect(connection.writableEnded).to.equal(true);
  });

  it('reads no more than the high-water mark ahead of a slow reader, and goes on when all of it is taken', async () => {
    const connection = new Connection({ slow: true });
    const source = new Source(25);
    const sent = sendStream(connection, source.stream, open());
    await settled();
    expect(source.read * CHUNK.length).to.equal(HIGH_WATER_MARK);
    connection.take();
    await settled();
    expect(source.read * CHUNK.length).to.equal(HIGH_WATER_MARK);
    while (!connection.writableFinished) {
      connection.take();
      expect(connection.writableLength).to.be.at.most(HIGH_WATER_MARK);
      await settled();
    }
    expect(await sent).to.equal(undefined);
    expect(connection.received).to.equal(CHUNK.repeat(25));
  });

  it('breaks the connection where a piece cannot be read, and answers what for', async () => {
    const connection = new Connection({ slow: false });
    const failure = new Error('the store is away');
    const source = new Source(3, async (n) => {
      if (n === 2) throw failure;
    });
    expect(await sendStream(connection, source.stream, open())).to.equal(failure);
    expect(connection.received).to.equal(CHUNK);
    expect(connection.destroyed).to.equal(true);
    expect(connection.writableEnded).to.equal(false);
  });

  for (const [name, end, message, leave] of [
    ['the client leaves', 'client_gone', 'The client is gone.', (connection: Connection) => connection.destroy()],
    [
      'the server stops',
      'closing',
      'The server is stopping.',
      (_: Connection, closing: AbortController) => closing.abort(new StreamEnded('closing')),
    ],
  ] as const) {
    it(`reads no further piece once ${name}, and says why`, async () => {
      const connection = new Connection({ slow: true });
      const closing = new AbortController();
      const source = new Source(Number.POSITIVE_INFINITY);
      const sent = sendStream(connection, source.stream, closing.signal);
      await settled();
      const { read } = source;
      leave(connection, closing);
      expect(await sent).to.equal(undefined);
      expect(source).to.include({ read, returned: true });
      expect(source.signal?.reason).to.be.instanceOf(StreamEnded).and.to.include({ end, message });
      expect(connection.destroyed).to.equal(true);
      expect(connection.writableEnded).to.equal(false);
    });

    it(`breaks the connection at once when ${name} while a piece is read, and does not send that piece`, async () => {
      const connection = new Connection({ slow: false });
      const closing = new AbortController();
      const reading = Promise.withResolvers<void>();
      const source = new Source(3, () => reading.promise);
      const sent = sendStream(connection, source.stream, closing.signal);
      await settled();
      leave(connection, closing);
      expect(connection.destroyed).to.equal(true);
      reading.resolve();
      expect(await sent).to.equal(undefined);
      expect(source).to.include({ read: 1, returned: true });
      expect(connection.received).to.equal('');
    });

    it(`tells of no failure where a reading ends because ${name}`, async () => {
      const connection = new Connection({ slow: false });
      const closing = new AbortController();
      const source = new Source(1, async (_, signal) => {
        await once(signal, 'abort');
        signal.throwIfAborted();
      });
      const sent = sendStream(connection, source.stream, closing.signal);
      await settled();
      leave(connection, closing);
      expect(await sent).to.equal(undefined);
    });

    it(`reads nothing at all where ${name} before the first piece`, async () => {
      const connection = new Connection({ slow: false });
      const closing = new AbortController();
      leave(connection, closing);
      await settled();
      const source = new Source(3);
      expect(await sendStream(connection, source.stream, closing.signal)).to.equal(undefined);
      expect(source.read).to.equal(0);
      expect(connection.destroyed).to.equal(true);
    });
  }

  it('leaves a connection alone that has taken everything, whatever ends afterwards', async () => {
    const connection = new Connection({ slow: false });
    const closing = new AbortController();
    await sendStream(connection, new Source(1).stream, closing.signal);
    await settled();
    let errors = 0;
    connection.on('error', () => {
      errors += 1;
    });
    closing.abort(new StreamEnded('closing'));
    await settled();
    expect({ errors, finished: connection.writableFinished }).to.deep.equal({ errors: 0, finished: true });
  });
});

describe('NDJSON', () => {
  async function* pages(...given: readonly (readonly number[])[]): AsyncIterable<readonly number[]> {
    yield* given;
  }

  async function text(stream: Stream, signal = open()): Promise<string[]> {
    const chunks: string[] = [];
    for await (const chunk of stream.chunks(signal)) chunks.push(String(chunk));
    return chunks;
  }

  it('is one JSON object a line, a chunk for each page that has any', async () => {
    const stream = ndjson(pages([1, 2], [], [3]), (n) => ({ n }));
    expect(stream.contentType).to.equal('application/x-ndjson');
    expect(await text(stream)).to.deep.equal(['{"n":1}\n{"n":2}\n', '{"n":3}\n']);
  });

  it('ends at the page that is being read when its signal is aborted', async () => {
    const ended = new AbortController();
    let read = 0;
    async function* endless() {
      for (;;) {
        read += 1;
        if (read === 3) ended.abort();
        yield [read];
      }
    }
    expect(await text(ndjson(endless(), String), ended.signal)).to.deep.equal(['"1"\n', '"2"\n']);
    expect(read).to.equal(3);
  });
});
