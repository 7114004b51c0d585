/** Copies of windows in the process, bounded by the memory that they take. */
import { LRUCache } from 'lru-cache';
import type { Contexts, WindowCopy } from '#application/conversations/ports.ts';
import type { Clock } from '#application/shared/clock.ts';
import type { Entry } from '#domain/conversations/window.ts';
import type { ThreadId, UserId } from '#domain/shared/ids.ts';

/** In bytes, for all copies together: 10 000 windows of 50 messages of 300 characters. */
const MAX_BYTES = 300_000_000;
/** What an entry takes beside its text, in bytes, and what a character of a text beyond Latin takes. */
const ENTRY_BYTES = 250;
const WIDE_CHARACTER_BYTES = 2;
/** A character that makes a string take two bytes for each. */
const WIDE = /[\u0100-\uffff]/;

type Deps = Readonly<{
  clock: Clock;
  /** How long a copy is held after it was saved. */
  ttlMs: number;
  /** By default 300 MB. */
  maxBytes?: number;
}>;

type Held = Readonly<{ copy: WindowCopy; until: number }>;

/**
 * Right for several processes too: a copy is compared with its thread before it is used. Copies are shared and not
 * cloned, which is safe because nobody changes an entry.
 */
export class EmbeddedContexts implements Contexts {
  readonly #clock: Clock;
  readonly #ttlMs: number;
  readonly #held: LRUCache<ThreadId, Held>;
  readonly #byOwner = new Map<UserId, Set<ThreadId>>();

  constructor({ clock, ttlMs, maxBytes = MAX_BYTES }: Deps) {
    this.#clock = clock;
    this.#ttlMs = ttlMs;
    this.#held = new LRUCache({
      maxSize: maxBytes,
      sizeCalculation: ({ copy }) => bytesOf(copy),
      dispose: ({ copy }) => this.#forgetOwner(copy),
    });
  }

  /** How many copies are held, and what they take, as it is estimated. */
  get usage(): Readonly<{ copies: number; bytes: number }> {
    return { copies: this.#held.size, bytes: this.#held.calculatedSize };
  }

  async find(id: ThreadId): Promise<WindowCopy | undefined> {
    return this.#find(id);
  }

  async save(copy: WindowCopy): Promise<void> {
    const held = this.#find(copy.threadId);
    if (held !== undefined && isOlder(copy, held)) return;
    this.#held.set(copy.threadId, { copy, until: this.#clock.now().getTime() + this.#ttlMs });
    if (this.#held.has(copy.threadId)) this.#rememberOwner(copy);
  }

  async remove(id: ThreadId): Promise<void> {
    this.#held.delete(id);
  }

  async removeByOwner(ownerId: UserId): Promise<void> {
    for (const id of this.#byOwner.get(ownerId) ?? []) this.#held.delete(id);
  }

  #find(id: ThreadId): WindowCopy | undefined {
    const held = this.#held.get(id);
    if (held === undefined || this.#clock.now().getTime() < held.until) return held?.copy;
    this.#held.delete(id);
    return undefined;
  }

  #rememberOwner({ ownerId, threadId }: WindowCopy): void {
    const threads = this.#byOwner.get(ownerId) ?? new Set();
    this.#byOwner.set(ownerId, threads.add(threadId));
  }

  #forgetOwner({ ownerId, threadId }: WindowCopy): void {
    const threads = this.#byOwner.get(ownerId);
    threads?.delete(threadId);
    if (threads?.size === 0) this.#byOwner.delete(ownerId);
  }
}

function isOlder(copy: WindowCopy, held: WindowCopy): boolean {
  return copy.version === held.version ? copy.lastSeq < held.lastSeq : copy.version < held.version;
}

/** An estimate: what V8 really takes cannot be asked. */
function bytesOf({ entries }: WindowCopy): number {
  return entries.reduce((sum, entry) => sum + ENTRY_BYTES + textBytesOf(entry), 1);
}

function textBytesOf({ content, toolCalls, seqs, commonWords }: Entry): number {
  const text = (WIDE.test(content) ? WIDE_CHARACTER_BYTES : 1) * content.length;
  const calls = (toolCalls ?? []).reduce((sum, call) => sum + ENTRY_BYTES + call.arguments.length, 0);
  return text + calls + (seqs?.length ?? 0) * 8 + (commonWords?.length ?? 0);
}
