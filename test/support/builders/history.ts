/** A conversation on a store that anything may happen to, and what must hold of it whatever happened. */
import { expect } from 'chai';
import type { StoredMessage, ThreadSnapshot } from '#application/conversations/ports.ts';
import type { ContextEvent } from '#domain/conversations/revision.ts';
import { undoableAmong } from '#domain/conversations/undo.ts';
import { charsDiv4, type Estimator } from '#domain/conversations/usage.ts';
import { type Entry, verbatim, type Window } from '#domain/conversations/window.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { DomainError } from '#domain/shared/domain-error.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import { expectAccounted } from '../invariants/invariants.ts';
import type { Conversing, Stores } from './conversing.ts';

/** What is said in words, so that there is something to summarise. */
const WORDS = 'Scanlan sings of the mines under Kraghammer while Grog counts 40 gold and Pike prays by the gate. ';

export type Step = Readonly<
  | { kind: 'say'; words: number; pinned: boolean }
  | { kind: 'pin' | 'unpin'; back: number }
  | { kind: 'prompt'; characters: number }
  | { kind: 'compact' | 'undo' }
>;

/** What a step may be refused with: every other failure is one. */
const REFUSALS = [
  'context_budget_unreachable',
  'pins_over_budget',
  'not_verbatim',
  'over_budget',
  'not_latest',
  'nothing_to_compact',
];

type Before = Readonly<{ entries: readonly Entry[]; lastSeq: number }>;

export class History {
  readonly #stores: Pick<Stores, 'conversations'>;
  readonly #talk: Conversing;
  readonly #owner: UserActor;
  readonly #thread: ThreadId;
  readonly #estimator: Estimator;
  readonly #pins = new Set<number>();
  /** The window before each compaction, by the id of its event. */
  readonly #before = new Map<number, Before>();

  /** `stores` are asked what is stored, and nothing else. `talk` counts with `estimator`. */
  constructor(
    stores: Pick<Stores, 'conversations'>,
    talk: Conversing,
    owner: UserActor,
    thread: ThreadId,
    estimator = charsDiv4,
  ) {
    this.#estimator = estimator;
    this.#stores = stores;
    this.#talk = talk;
    this.#owner = owner;
    this.#thread = thread;
  }

  /** Takes the step and checks everything that must hold after it. What is refused changes nothing. */
  async take(step: Step): Promise<void> {
    const before = await this.stored();
    try {
      await this.#act(step, before);
    } catch (error) {
      expect(REFUSALS, `${step.kind}: ${error}`).to.include((error as DomainError).code);
      expect(await this.stored(), `refused: ${step.kind}`).to.deep.equal(before);
    }
    await this.check();
  }

  async stored(): Promise<ThreadSnapshot> {
    const found = await this.#stores.conversations.snapshot(this.#thread);
    if (found === undefined) throw new Error('The thread is gone.');
    return found;
  }

  async #act(step: Step, before: ThreadSnapshot): Promise<void> {
    const [talk, owner, threadId] = [this.#talk, this.#owner, this.#thread];
    const { lastSeq } = before.thread;
    if (step.kind === 'say') {
      const said = await talk.say(owner, threadId, `${lastSeq}: ${WORDS.slice(0, step.words)}`, step.pinned);
      if (step.pinned) this.#pins.add(said.message.seq);
      if (said.compaction !== null) this.#remember(said.compaction, before);
    } else if (step.kind === 'pin' || step.kind === 'unpin') await this.#pin(step.kind === 'pin', lastSeq - step.back);
    else if (step.kind === 'prompt') await this.#prompt(step.characters, before);
    else if (step.kind === 'compact') {
      const done = await talk.compact.execute(owner, { threadId, dryRun: false, strategies: null });
      if (!done.dryRun) this.#remember(done.event, before);
    } else await this.#undo(before);
  }

  async #pin(pinned: boolean, seq: number): Promise<void> {
    if (seq < 1) return;
    await this.#talk.pin.execute(this.#owner, { threadId: this.#thread, seq, pinned });
    if (pinned) this.#pins.add(seq);
    else this.#pins.delete(seq);
  }

  async #prompt(characters: number, before: ThreadSnapshot): Promise<void> {
    const systemPrompt = characters === 0 ? null : 'p'.repeat(characters);
    const { revision } = await this.#talk.change.execute(this.#owner, this.#thread, { systemPrompt });
    if (revision > before.thread.revision) this.#remember({ id: revision }, before);
  }

  #remember({ id }: Pick<ContextEvent, 'id'>, { entries, thread }: ThreadSnapshot): void {
    this.#before.set(id, { entries, lastSeq: thread.lastSeq });
  }

  /** P5: byte for byte, in the window and in what is stored of it. */
  async #undo({ thread }: ThreadSnapshot): Promise<void> {
    const { conversations } = this.#stores;
    const undoable = undoableAmong(await conversations.events(this.#thread, { limit: 200 }))?.id ?? 0;
    if (undoable === 0) return;
    const parent = await conversations.revision(
      this.#thread,
      (await conversations.revision(this.#thread, undoable))!.parentId,
    );
    const { event } = await this.#talk.undo.execute(this.#owner, this.#thread, undoable);
    const { entries, lastSeq } = this.#before.get(undoable)!;
    const later = await this.#said(lastSeq, thread.lastSeq);
    const expected = [...entries, ...later.map((message) => verbatim(message, message.seq, false))];
    expect(JSON.stringify((await this.stored()).entries)).to.equal(JSON.stringify(expected.map(this.#asPinned)));
    const stored = await conversations.revision(this.#thread, event.id);
    const { uptoSeq = 0, size = 0, parentId = 0 } = parent ?? {};
    expect(stored).to.deep.include({ entries: parent?.entries ?? [], uptoSeq, size, parentId });
  }

  #asPinned = (entry: Entry): Entry => ({
    ...entry,
    pinned: entry.kind === 'message' && this.#pins.has(entry.fromSeq),
  });

  async #said(after: number, upto: number): Promise<readonly StoredMessage[]> {
    return upto === after ? [] : this.#stores.conversations.messages(this.#thread, { after, limit: upto - after });
  }

  /** P1 and P4, and that the running totals are those of the window. */
  async check(): Promise<void> {
    const { thread, entries } = await this.stored();
    const window: Window = { systemPrompt: thread.systemPrompt, size: thread.windowSize, entries };
    expectAccounted(window, thread.lastSeq, this.#estimator);
    expect(thread.windowEntries).to.equal(entries.length);
    const said = new Map((await this.#said(0, thread.lastSeq)).map((message) => [message.seq, message]));
    expect(new Set(entries.flatMap(({ pinned, fromSeq }) => (pinned ? fromSeq : [])))).to.deep.equal(this.#pins);
    for (const seq of this.#pins) {
      const shown = entries.find(({ fromSeq }) => fromSeq === seq);
      expect(shown, `pin ${seq}`).to.deep.equal(verbatim(said.get(seq)!, seq, true));
    }
    expect(await this.#talk.window.execute(this.#owner, this.#thread)).to.deep.include({ window, thread });
  }
}
