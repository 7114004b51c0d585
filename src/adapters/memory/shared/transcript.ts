/** What one thread holds in memory: messages, pins and revisions, and the window that they make. */
import type { StoredMessage } from '#application/conversations/ports.ts';
import {
  type ComposedWindow,
  type CountedEntry,
  composeWindow,
  verbatimRanges,
} from '#domain/conversations/compose-window.ts';
import type { Message } from '#domain/conversations/message.ts';
import type { ContextEvent, Revision } from '#domain/conversations/revision.ts';
import type { EstimatorName } from '#domain/conversations/usage.ts';
import { verbatim } from '#domain/conversations/window.ts';
import type { ReplyId, UserId } from '#domain/shared/ids.ts';

type Counted = Readonly<{ message: Message; estimator: EstimatorName }>;

/** Copies go in and copies come out. */
export class MemoryTranscript {
  readonly #messages: Counted[] = [];
  readonly #pins = new Set<number>();
  readonly #revisions: Revision[] = [];
  /** The reply that is under way. */
  replyId: ReplyId | null = null;

  add(message: Message, estimator: EstimatorName, pinned: boolean): void {
    this.#messages.push(structuredClone({ message, estimator }));
    if (pinned) this.#pins.add(message.seq);
  }

  setPin(seq: number, pinned: boolean): void {
    if (pinned) this.#pins.add(seq);
    else this.#pins.delete(seq);
  }

  addRevision(revision: Revision): void {
    this.#revisions.push(structuredClone(revision));
  }

  get compactions(): number {
    return this.#revisions.filter(({ madeBy }) => madeBy === 'compaction').length;
  }

  forgetAuthor(userId: UserId): void {
    for (const [i, { message, estimator }] of this.#messages.entries()) {
      if (message.authorId === userId) this.#messages[i] = { message: { ...message, authorId: null }, estimator };
    }
  }

  message(seq: number): StoredMessage | undefined {
    return this.messages(seq, seq)[0];
  }

  /** Messages `fromSeq..toSeq`, as far as there are any. */
  messages(fromSeq: number, toSeq: number): readonly StoredMessage[] {
    const found = this.#messages.slice(Math.max(0, fromSeq - 1), Math.max(0, toSeq));
    return found.map(({ message }) => structuredClone({ ...message, pinned: this.#pins.has(message.seq) }));
  }

  revision(id: number): Revision | undefined {
    return structuredClone(this.#revisions[id - 1]);
  }

  /** Events of revisions between two ids, both excluded, newest first. */
  events(after: number, before: number, limit: number): readonly ContextEvent[] {
    const found = this.#revisions.filter((revision) => revision.id > after && revision.id < before).slice(-limit);
    return structuredClone(found.reverse().map((revision) => revision.event));
  }

  /** The window of the revision with this number, up to a message; of the bare transcript where there is none. */
  window(revision: number, uptoSeq = this.#messages.length): ComposedWindow {
    const head = this.revision(revision);
    const shown = verbatimRanges(head, uptoSeq).flatMap(({ fromSeq, toSeq }) =>
      this.#messages.slice(fromSeq - 1, toSeq),
    );
    return composeWindow(head, shown.map(countedEntry), this.#pins);
  }
}

function countedEntry({ message, estimator }: Counted): CountedEntry {
  return { entry: structuredClone(verbatim(message, message.seq, false)), estimator };
}
