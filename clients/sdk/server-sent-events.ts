/** Server-sent events, read from a response: https://html.spec.whatwg.org/multipage/server-sent-events.html */

/** One event, or how long to wait before connecting again. Data is JSON. */
export type ServerSent =
  | Readonly<{ event: string; id: string | undefined; data: unknown }>
  | Readonly<{ retryMs: number }>;

/** Longest silence: the server sends a comment every 15 seconds. */
const SILENCE_MS = 45_000;

/** Ends with the response; one that is silent for too long ends too. */
export async function* eventsOf(response: Response): AsyncGenerator<ServerSent> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let unread = '';
  try {
    for (;;) {
      const read = await inTime(reader.read());
      if (read.done) return;
      const blocks = (unread + read.value.replaceAll('\r', '')).split('\n\n');
      unread = blocks.pop()!;
      for (const block of blocks) yield* eventIn(block);
    }
  } finally {
    // Whoever stops reading lets the connection go.
    reader.cancel().catch(() => {});
  }
}

type Read = Readonly<{ done: false; value: string } | { done: true; value?: string | undefined }>;

async function inTime(read: Promise<Read>): Promise<Read> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<Read>((resolve) => {
    timer = setTimeout(() => resolve({ done: true }), SILENCE_MS);
  });
  try {
    return await Promise.race([read, silence]);
  } finally {
    clearTimeout(timer);
  }
}

function* eventIn(block: string): Generator<ServerSent> {
  const fields: Record<string, string> = {};
  for (const line of block.split('\n')) {
    const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    fields[name] = name === 'data' && fields.data !== undefined ? `${fields.data}\n${value}` : value;
  }
  if (fields.retry !== undefined) yield { retryMs: Number(fields.retry) };
  if (fields.data !== undefined)
    yield { event: fields.event ?? 'message', id: fields.id, data: JSON.parse(fields.data) };
}
