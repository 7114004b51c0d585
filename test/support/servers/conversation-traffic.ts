/** People who do everything at once with one conversation, at every server, and note what they are told. */
import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { Ledger, StoredThread } from '../invariants/ledger.ts';
import type { Answer, Client, Json } from './server.ts';

/** So many append at once. */
const WRITERS = 6;
/** A budget, in tokens, that they fill again and again. */
export const BUDGET = { CTX_MAX_TOKENS: '1000' };

/** What may be refused where others are faster; everything else fails. */
const REFUSALS = [
  'append_contended',
  'context_budget_unreachable',
  'compaction_busy',
  'store_unavailable',
  'nothing_to_compact',
  'not_latest',
  'not_verbatim',
  'over_budget',
  'pins_over_budget',
  'idempotency_in_flight',
];

/** A message whose end nobody knows, and that may be sent again under its key. */
type Unknown = Readonly<{ key: string; content: string }>;

export class ConversationTraffic {
  readonly thread: string;
  readonly #ledger: Ledger;
  /** Of servers that are there. */
  #clients: readonly Client[];
  readonly #unknown: Unknown[] = [];
  #working: Promise<unknown> = Promise.resolve();
  #ended = false;

  /** `clients` are of one person, signed in, one at each server. */
  constructor(thread: string, ledger: Ledger, clients: readonly Client[]) {
    this.thread = thread;
    this.#ledger = ledger;
    this.#clients = clients;
  }

  begin(): void {
    const writers = Array.from({ length: WRITERS }, (_, writer) =>
      this.#each((n, client) => this.#append(client, writer, n)),
    );
    const others = [this.#compact, this.#compact, this.#undo, this.#pin];
    this.#working = Promise.all([
      ...writers,
      ...others.map((act) => this.#each((n, client) => act.call(this, client, n))),
    ]);
    // It is waited for at the end.
    this.#working.catch(() => {});
  }

  /** Resolves once nobody does anything any more. */
  async end(): Promise<void> {
    this.#ended = true;
    await this.#working;
  }

  /** Sends what nobody knows the end of again, under its key: wherever it stands, it stands there once. */
  async settle(client: Client): Promise<void> {
    for (const one of this.#unknown.splice(0)) {
      const answer = await this.#post(client, one);
      // By now there may be no room for it.
      expect(answer?.status, answer?.text).to.be.oneOf([201, 413]);
    }
  }

  /** Until the end, or until no server is left. */
  async #each(act: (n: number, client: Client) => Promise<unknown>): Promise<void> {
    for (let n = 0; !this.#ended && this.#clients.length > 0; n += 1)
      await act(n, this.#clients[n % this.#clients.length]!);
  }

  /** Undefined where the connection broke: whether it was done, nobody knows. */
  async #asked(client: Client, asking: Promise<Answer>): Promise<Answer | undefined> {
    try {
      const answer = await asking;
      if (answer.status >= 300) expect(answer.body?.code, answer.text).to.be.oneOf(REFUSALS);
      return answer;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      this.#clients = this.#clients.filter((one) => one !== client);
      return undefined;
    }
  }

  /** Some are short, some so long that they lead to a compaction at once; some are pinned, some have a key. */
  #append(client: Client, writer: number, n: number): Promise<Answer | undefined> {
    const words = `Writer ${writer}, message ${n}: Keyleth casts Moonbeam and rolls ${(n % 20) + 1}. `;
    const content = words.repeat(n % 7 === 0 ? 20 : 3);
    this.#ledger.sends(content);
    if (n % 3 === 0) return this.#post(client, { key: randomUUID(), content });
    return this.#post(client, { content }, n % 11 === 5);
  }

  async #post(
    client: Client,
    { key, content }: Readonly<{ key?: string; content: string }>,
    pinned = false,
  ): Promise<Answer | undefined> {
    const headers = key === undefined ? {} : { 'Idempotency-Key': key };
    const answer = await this.#asked(client, client.post(`/chat/${this.thread}`, { content, pinned }, headers));
    if (answer?.status === 201) {
      const { message, compaction } = answer.body;
      this.#ledger.acknowledge(message.seq, content);
      if (pinned) this.#ledger.pinned(message.seq, true);
      if (compaction !== undefined) this.#ledger.revised(compaction.id, compaction.kind);
    } else if (key !== undefined && (answer === undefined || answer.status >= 500))
      this.#unknown.push({ key, content });
    return answer;
  }

  async #compact(client: Client): Promise<Answer | undefined> {
    const answer = await this.#asked(client, client.post(`/chat/${this.thread}/compact-now`, {}));
    if (answer?.status === 200) this.#ledger.revised(answer.body.event.id, 'compacted');
    return answer;
  }

  async #undo(client: Client): Promise<Answer | undefined> {
    const newest = await this.#asked(client, client.get(`/chat/${this.thread}/events?limit=1`));
    const [event] = newest?.body.items ?? [];
    if (event?.kind !== 'compacted') return newest;
    const answer = await this.#asked(client, client.post(`/chat/${this.thread}/compactions/${event.id}/undo`));
    if (answer?.status === 200) this.#ledger.revised(answer.body.event.id, 'undone');
    return answer;
  }

  /** One after the other, so that the last of them counts: pins the newest message, unpins whatever is pinned. */
  async #pin(client: Client, n: number): Promise<Answer | undefined> {
    const pins = n % 2 === 0;
    const seq = pins ? this.#ledger.newestSeq() : this.#ledger.anyPin();
    if (seq === undefined) return this.#asked(client, client.get(`/chat/${this.thread}/context-usage`));
    const path = `/chat/${this.thread}/messages/${seq}/pin`;
    const answer = await this.#asked(client, pins ? client.put(path, undefined) : client.delete(path));
    if (answer?.status === 200) this.#ledger.pinned(seq, pins);
    else if (answer === undefined || answer.body.code === 'store_unavailable') this.#ledger.pinned(seq, null);
    return answer;
  }
}

/** All that a server has of a conversation. */
export async function storedAt(client: Client, thread: string): Promise<StoredThread> {
  const messages: Json[] = await everyPage(client, `/chat/${thread}/messages?limit=200&after=0`);
  const events: Json[] = await everyPage(client, `/chat/${thread}/events?limit=200`);
  const { status, body, text } = await client.get(`/chat/${thread}`);
  expect(status, text).to.equal(200);
  const { entries, usage } = body;
  const characters = entries.reduce((sum: number, { content }: Json) => sum + content.length, 0);
  expect(usage).to.include({ approx_tokens: Math.floor(characters / 4), entry_count: entries.length });
  return { messages, events, entries: entries.map(toEntry), lastSeq: usage.message_count, revision: usage.revision };
}

const toEntry = ({ kind, from_seq, to_seq, seqs, content, pinned }: Json): StoredThread['entries'][number] => ({
  kind,
  fromSeq: from_seq,
  toSeq: to_seq,
  seqs: seqs ?? null,
  content,
  pinned,
});

async function everyPage(client: Client, path: string): Promise<Json[]> {
  const items: Json[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const [bare] = path.split(/&after=0/);
    const { status, body, text } = await client.get(
      cursor === '' ? path : `${bare}&cursor=${encodeURIComponent(cursor)}`,
    );
    expect(status, text).to.equal(200);
    items.push(...body.items);
    cursor = body.next_cursor;
  }
  return items;
}
