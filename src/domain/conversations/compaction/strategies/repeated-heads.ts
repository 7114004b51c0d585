/** Replaces a leading block that a newer message repeats, such as a quoted header or a stat block, by a reference. */
import type { Entry } from '#domain/conversations/window.ts';
import { finishedHash, HASH_START, hashStep } from '#domain/text/word-hash.ts';
import { linkTo } from '../window/stub.ts';
import { isSmallEnough, shorten, type WorkingWindow } from '../window/working-window.ts';

/** A shorter head saves too little over the reference that replaces it. */
const HEAD_MIN_CHARACTERS = 60;
/** Heads are compared at the ends of lines and sentences: at most this many, within this many characters. */
const HEAD_MAX_ENDS = 24;
const HEAD_MAX_CHARACTERS = 8_000;

type Head = Readonly<{ length: number; hash: number }>;
/** A head of the entry at `index`, `length` code units long, that the newer entry `source` has too. */
type Repeated = Readonly<{ index: number; length: number; source: Entry }>;

/** Whether a line, or a sentence or label before white space, ends with the code unit at `index`. */
function endsHead(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  if (code === 10) return true;
  const next = text.charCodeAt(index + 1);
  // ".", "!", "?" or ":"
  return (code === 46 || code === 33 || code === 63 || code === 58) && (next === 32 || next === 10);
}

/** The possible heads of a text, shortest first, each with the hash of its characters: one pass for all of them. */
function headsOf(text: string): readonly Head[] {
  const heads: Head[] = [];
  if (text.length < HEAD_MIN_CHARACTERS) return heads;
  const limit = Math.min(text.length, HEAD_MAX_CHARACTERS);
  let hash = HASH_START;
  for (let i = 0; i < limit && heads.length < HEAD_MAX_ENDS; i++) {
    hash = hashStep(hash, text.charCodeAt(i));
    const length = i + 1;
    if (length >= HEAD_MIN_CHARACTERS && (length === text.length || endsHead(text, i))) {
      heads.push({ length, hash: finishedHash(hash) });
    }
  }
  return heads;
}

/** Compares the text itself, because equal hashes do not prove equal heads. */
function hasHead(entry: Entry, length: number, text: string): boolean {
  return entry.content.startsWith(text.slice(0, length));
}

/**
 * The unprotected messages whose head a newer message repeats, oldest first. Going backwards makes the newest message
 * with a head the one that all others refer to.
 */
function findRepeated(work: WorkingWindow): readonly Repeated[] {
  const newest = new Map<number, Entry>();
  const repeated: Repeated[] = [];
  for (let index = work.entries.length - 1; index >= 0; index--) {
    const entry = work.entries[index];
    if (entry?.kind !== 'message') continue;
    const heads = headsOf(entry.content);
    const head = heads.findLast(({ hash, length }) => {
      const source = newest.get(hash);
      return source !== undefined && hasHead(source, length, entry.content);
    });
    if (head !== undefined && work.guards[index] === null) {
      repeated.push({ index, length: head.length, source: newest.get(head.hash)! });
    }
    for (const { hash } of heads) if (!newest.has(hash)) newest.set(hash, entry);
  }
  return repeated.reverse();
}

function withoutHead(entry: Entry, length: number, source: Entry): string {
  const rest = entry.content.slice(length).trimStart();
  const reference = `[as in ${linkTo(source.fromSeq)}]`;
  return rest === '' ? reference : `${reference}\n${rest}`;
}

/** Replaces repeated heads by references, oldest message first, until the window is small enough. */
export function stripRepeatedHeads(work: WorkingWindow): void {
  if (isSmallEnough(work)) return;
  for (const { index, length, source } of findRepeated(work)) {
    if (isSmallEnough(work)) return;
    const entry = work.entries[index]!;
    shorten(work, index, { ...entry, kind: 'condensed', content: withoutHead(entry, length, source) });
  }
}
