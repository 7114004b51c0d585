/**
 * What was acknowledged, noted outside of every server, and the check that all of it is stored, once, as it was said.
 */
import { expect } from 'chai';
import { type Entry, seqsOf } from '#domain/conversations/window.ts';

/** A whole conversation as a server, or a store, has it. */
export type StoredThread = Readonly<{
  messages: readonly Readonly<{ seq: number; content: string }>[];
  entries: readonly Pick<Entry, 'kind' | 'fromSeq' | 'toSeq' | 'seqs' | 'content' | 'pinned'>[];
  /** The ids and kinds of all events. */
  events: readonly Readonly<{ id: number; kind: string }>[];
  lastSeq: number;
  revision: number;
}>;

export class Ledger {
  /** Every text that was sent, whatever became of it; no two are equal. */
  readonly #sent = new Set<string>();
  readonly #messages = new Map<number, string>();
  readonly #revisions = new Map<number, string>();
  /** Whether a message is pinned; null where nobody knows. */
  readonly #pins = new Map<number, boolean | null>();

  /** How many messages were acknowledged. */
  get size(): number {
    return this.#messages.size;
  }

  /** Before it is sent. */
  sends(content: string): void {
    expect(this.#sent.has(content), `"${content}" was sent before`).to.equal(false);
    this.#sent.add(content);
  }

  acknowledge(seq: number, content: string): void {
    if (this.#messages.has(seq)) expect.fail(`two messages were acknowledged as message ${seq}`);
    this.#messages.set(seq, content);
  }

  /** A compaction or an undo that somebody was told of. */
  revised(id: number, kind: string): void {
    if (this.#revisions.has(id)) expect.fail(`two changes were acknowledged as revision ${id}`);
    this.#revisions.set(id, kind);
  }

  /**
   * What nobody knows the end of may still be done after an answer that came later: a pin that was there already is
   * acknowledged, and then the unpin of a server that was killed is committed. So nobody knows of it any more.
   */
  pinned(seq: number, pinned: boolean | null): void {
    if (this.#pins.get(seq) !== null) this.#pins.set(seq, pinned);
  }

  /** The newest message that was acknowledged. */
  newestSeq(): number | undefined {
    return this.#messages.size === 0 ? undefined : Math.max(...this.#messages.keys());
  }

  /** A message that is pinned, or may be; any one. */
  anyPin(): number | undefined {
    const pins = [...this.#pins].flatMap(([seq, pinned]) => (pinned === false ? [] : [seq]));
    return pins[Math.floor(Math.random() * pins.length)];
  }

  /** Throws where something is missing, there twice, in another place, or other than it was said. */
  check({ messages, entries, events, lastSeq, revision }: StoredThread): void {
    expect(
      messages.map(({ seq }) => seq),
      'seqs without a gap',
    ).to.deep.equal(upTo(lastSeq));
    for (const [seq, content] of this.#messages)
      expect(messages[seq - 1]?.content, `message ${seq}, as it was acknowledged`).to.equal(content);
    this.#checkSent(messages);
    checkWindow(entries, messages);
    expect(
      events.map(({ id }) => id).toSorted((a, b) => a - b),
      'events',
    ).to.deep.equal(upTo(revision));
    const kinds = new Map(events.map(({ id, kind }) => [id, kind]));
    for (const [id, kind] of this.#revisions) expect(kinds.get(id), `revision ${id}`).to.equal(kind);
    this.#checkPins(entries);
  }

  #checkSent(messages: StoredThread['messages']): void {
    const seen = new Map<string, number>();
    for (const { seq, content } of messages) {
      if (!this.#sent.has(content)) expect.fail(`nobody sent message ${seq}: "${content}"`);
      if (seen.has(content)) expect.fail(`message ${seq} is there twice: it is message ${seen.get(content)} too`);
      seen.set(content, seq);
    }
  }

  #checkPins(entries: StoredThread['entries']): void {
    const pinned = new Set(entries.flatMap((entry) => (entry.pinned ? [entry.fromSeq] : [])));
    for (const [seq, wanted] of this.#pins)
      if (wanted !== null) expect(pinned.has(seq), `pin of message ${seq}`).to.equal(wanted);
  }
}

const upTo = (last: number): readonly number[] => Array.from({ length: last }, (_, i) => i + 1);

/** P1: each message once, ordered by the first of each entry; and what is shown verbatim is what was said. */
function checkWindow(entries: StoredThread['entries'], messages: StoredThread['messages']): void {
  const seqs = entries.flatMap(seqsOf).toSorted((a, b) => a - b);
  expect(seqs, 'messages that the window stands for').to.deep.equal(messages.map(({ seq }) => seq));
  const firsts = entries.map(({ fromSeq }) => fromSeq);
  expect(firsts, 'order of the window').to.deep.equal(firsts.toSorted((a, b) => a - b));
  for (const { kind, fromSeq, content } of entries)
    if (kind === 'message')
      expect(content, `message ${fromSeq} in the window`).to.equal(messages[fromSeq - 1]?.content);
}
