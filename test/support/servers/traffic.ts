/** Appends from several sides that go on through an outage, each answer checked as it comes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { Answer, Client, Json } from './server.ts';

/** Longest time that a request may go without an answer. */
const ANSWERED_WITHIN_MS = 3_000;
/** So soon all is as before, once the store is back. */
const NORMAL_WITHIN_MS = 5_000;
const POLL_MS = 10;

type Writer = { acknowledged: Map<number, string>; answered: number; refused: number; stored: number };

export class Traffic {
  readonly #client: Client;
  readonly #withinMs: number;
  readonly #writers = new Map<string, Writer>();
  readonly #running: Promise<void>[] = [];
  #stopped = false;

  constructor(client: Client, answeredWithinMs = ANSWERED_WITHIN_MS) {
    this.#client = client;
    this.#withinMs = answeredWithinMs;
  }

  /** How many answers were refusals (503) so far. */
  get refusals(): number {
    return [...this.#writers.values()].reduce((sum, { refused }) => sum + refused, 0);
  }

  /** So many writers, each in a thread of its own. */
  async start(writers: number): Promise<void> {
    for (let i = 0; i < writers; i += 1) {
      const thread = (await this.#client.post('/chat', {})).body.id;
      const writer: Writer = { acknowledged: new Map(), answered: 0, refused: 0, stored: 0 };
      this.#writers.set(thread, writer);
      this.#running.push(this.#write(thread, writer));
    }
    await this.#each((writer) => writer.stored > 0);
  }

  /** Resolves when every writer has been refused once more. */
  async refused(): Promise<void> {
    const before = new Map([...this.#writers.values()].map((writer) => [writer, writer.refused]));
    await this.#each((writer) => writer.refused > (before.get(writer) ?? 0));
  }

  /** Resolves when every writer has stored once more; fails where that takes too long after an outage. */
  async normal(): Promise<void> {
    const before = new Map([...this.#writers.values()].map((writer) => [writer, writer.stored]));
    const late = sleep(NORMAL_WITHIN_MS, 'late' as const, { ref: false });
    const normal = this.#each((writer) => writer.stored > (before.get(writer) ?? 0));
    expect(await Promise.race([normal, late]), 'not back to normal in time').to.equal(undefined);
  }

  /** Stops, and checks that everything acknowledged is there, once, and that nothing is missing between. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#running);
    for (const [thread, { acknowledged }] of this.#writers) {
      const transcript = await transcriptOf(this.#client, thread);
      expect(transcript.map(({ seq }) => seq)).to.deep.equal(transcript.map((_, i) => i + 1));
      for (const [seq, content] of acknowledged) expect(transcript[seq - 1]?.content).to.equal(content);
      expect(new Set(transcript.map(({ content }) => content)).size).to.equal(transcript.length);
    }
  }

  async #write(thread: string, writer: Writer): Promise<void> {
    for (let n = 1; !this.#stopped; n += 1) {
      const content = `Line ${n}`;
      const answer = await inTime(this.#client.post(`/chat/${thread}`, { content }), this.#withinMs);
      if (answer.status === 201) {
        expect(writer.acknowledged.has(answer.body.message.seq), 'a seq was given twice').to.equal(false);
        writer.acknowledged.set(answer.body.message.seq, content);
        writer.stored += 1;
      } else {
        expectUnavailable(answer);
        writer.refused += 1;
        await sleep(POLL_MS);
      }
    }
  }

  /** A writer that failed ends the wait with its failure. */
  async #each(condition: (writer: Writer) => boolean): Promise<void> {
    const failed = Promise.all(this.#running);
    while (![...this.#writers.values()].every(condition)) await Promise.race([failed, sleep(POLL_MS)]);
  }
}

export function expectUnavailable(answer: Answer): void {
  expect(answer.status, answer.text).to.equal(503);
  expect(answer.body.code).to.be.oneOf(['store_unavailable', 'outcome_unknown']);
  expect(Number(answer.headers.get('retry-after'))).to.be.greaterThan(0);
}

/** The answer, or a failure where there is none in time. */
export async function inTime(answer: Promise<Answer>, withinMs = ANSWERED_WITHIN_MS): Promise<Answer> {
  const first = await Promise.race([answer, sleep(withinMs, undefined, { ref: false })]);
  expect(first, `no answer within ${withinMs} ms`).not.to.equal(undefined);
  return first as Answer;
}

async function transcriptOf(client: Client, thread: string): Promise<readonly Json[]> {
  const items: Json[] = [];
  for (let after = 0; ; after = items.at(-1).seq) {
    const page = (await client.get(`/chat/${thread}/messages?limit=200&after=${after}`)).body;
    items.push(...page.items);
    if (page.next_cursor === null) return items;
  }
}
