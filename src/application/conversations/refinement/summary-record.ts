/** Reads what a summary stands for, as a language model is sent it. */
import type { RecordPart } from '#domain/conversations/refinement/summary-prompt.ts';
import type { Revision } from '#domain/conversations/revision.ts';
import { type Entry, seqsOf } from '#domain/conversations/window.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import type { ConversationReads, StoredMessage } from '../ports.ts';

const PAGE = 200;
const PAGE_MAX_BYTES = 1024 * 1024;

type Deps = Readonly<{ conversations: Pick<ConversationReads, 'messages' | 'revision'> }>;

/** What is sent of a summary: everything that it stands for, as it was said, but for what an older summary tells. */
export class SummaryRecord {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** `maxSize` is in the estimator's unit; undefined where it is larger. */
  async read(
    id: ThreadId,
    { head, summary }: Readonly<{ head: Revision; summary: Entry }>,
    maxSize: number,
  ): Promise<readonly RecordPart[] | undefined> {
    const parent = await this.#deps.conversations.revision(id, head.parentId);
    const older = parent?.entries.find((entry): entry is Entry => entry.kind === 'summary');
    const told = new Set(older === undefined ? [] : seqsOf(older));
    const untold = seqsOf(summary).filter((seq) => !told.has(seq));
    const parts: RecordPart[] = older === undefined ? [] : [partOfSummary(older)];
    let size = older?.size ?? 0;
    for await (const message of this.#messages(id, untold)) {
      size += message.size;
      if (size > maxSize) return undefined;
      parts.push(partOf(message));
    }
    return parts;
  }

  async *#messages(id: ThreadId, seqs: readonly number[]): AsyncGenerator<StoredMessage> {
    const wanted = new Set(seqs);
    const [first = 0, last = -1] = [seqs[0], seqs.at(-1)];
    for (let after = first - 1; after < last; ) {
      const page = await this.#deps.conversations.messages(id, { after, limit: PAGE, maxBytes: PAGE_MAX_BYTES });
      if (page.length === 0) return;
      yield* page.filter(({ seq }) => wanted.has(seq));
      after = page.at(-1)!.seq;
    }
  }
}

function partOfSummary({ fromSeq, toSeq, content }: Entry): RecordPart {
  return { from: `Summary of messages ${fromSeq}-${toSeq}`, text: content };
}

function partOf({ seq, role, name, content }: StoredMessage): RecordPart {
  return { from: `#${seq} ${(name ?? role).replaceAll(/[\s\u0085:]+/gu, ' ').trim()}`, text: content };
}
