/** Frees messages of a block of text at their head that a newer message repeats: a quoted header, a stat block. */
import type { Entry } from '#domain/conversations/window.ts';
import { finishedHash, HASH_START, hashStep } from '#domain/text/word-hash.ts';
import { linkTo } from '../window/stub.ts';
import { isSmallEnough, shorten, type WorkingWindow } from '../window/working-window.ts';

/** A shorter head is not worth a reference. */
const HEAD_MIN_CHARACTERS = 60;
/** A head ends at a line's or a sentence's end; so many ends are looked at, within so many characters. */
const HEAD_MAX_ENDS = 24;
const HEAD_MAX_CHARACTERS = 8_000;

type Head = Readonly<{ length: number; hash: number }>;
type Repeated = Readonly<{ index: number; length: number; keeper: Entry }>;

function endsHead(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  if (code === 10) return true;
  const next = text.charCodeAt(index + 1);
  return (code === 46 || code === 33 || code === 63 || code === 58) && (next === 32 || next === 10);
}

/** The places where a head of `text` may end, shortest first, each with the hash of the text before it. */
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

function isKept(entry: Entry, length: number, text: string): boolean {
  return entry.content.startsWith(text.slice(0, length));
}

/** Loose messages whose head a newer message repeats, oldest first. The newest to have it keeps it. */
function findRepeated(work: WorkingWindow): readonly Repeated[] {
  const keepers = new Map<number, Entry>();
  const found: Repeated[] = [];
  for (let index = work.entries.length - 1; index >= 0; index--) {
    const entry = work.entries[index];
    if (entry?.kind !== 'message') continue;
    const heads = headsOf(entry.content);
    const head = heads.findLast(({ hash, length }) => {
      const keeper = keepers.get(hash);
      return keeper !== undefined && isKept(keeper, length, entry.content);
    });
    if (head !== undefined && work.guards[index] === null) {
      found.push({ index, length: head.length, keeper: keepers.get(head.hash)! });
    }
    for (const { hash } of heads) if (!keepers.has(hash)) keepers.set(hash, entry);
  }
  return found.reverse();
}

function withoutHead(entry: Entry, length: number, keeper: Entry): string {
  const rest = entry.content.slice(length).trimStart();
  const reference = `[as in ${linkTo(keeper.fromSeq)}]`;
  return rest === '' ? reference : `${reference}\n${rest}`;
}

/** Puts a reference in the place of each repeated head, oldest first, until the window is small enough. */
export function stripRepeatedHeads(work: WorkingWindow): void {
  if (isSmallEnough(work)) return;
  for (const { index, length, keeper } of findRepeated(work)) {
    if (isSmallEnough(work)) return;
    const entry = work.entries[index]!;
    shorten(work, index, { ...entry, kind: 'condensed', content: withoutHead(entry, length, keeper) });
  }
}
