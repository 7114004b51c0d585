/** What must hold of every window and every compaction, as checks that tests share. */
import { expect } from 'chai';
import { protect } from '#domain/conversations/compaction/window/guards.ts';
import type { ContextPolicy } from '#domain/conversations/context-policy.ts';
import type { Message } from '#domain/conversations/message.ts';
import { atTrigger, charsDiv4, type Estimator, usagePct } from '#domain/conversations/usage.ts';
import { countedText, type Entry, seqsOf, type Window } from '#domain/conversations/window.ts';
import type { Appended } from '../builders/appending.ts';
import type { Line } from '../builders/transcripts.ts';

/** P1: the entries stand for `1..lastSeq`, each message exactly once, ordered by the first; sizes are true. */
export function expectAccounted(window: Window, lastSeq: number, estimator: Estimator = charsDiv4): void {
  const seqs = window.entries.flatMap(seqsOf);
  const ascending = Float64Array.from(seqs).sort();
  expect(ascending.length, 'messages stood for').to.equal(lastSeq);
  for (let i = 0; i < ascending.length; i++) if (ascending[i] !== i + 1) expect.fail(`message ${i + 1} is missing`);
  window.entries.forEach((entry, i) => {
    const next = window.entries[i + 1];
    if (next !== undefined && next.fromSeq <= entry.fromSeq) expect.fail(`entry ${i + 1} is out of order`);
    const own = seqsOf(entry);
    if (own[0] !== entry.fromSeq || own.at(-1) !== entry.toSeq) expect.fail(`entry ${i} names other messages`);
    if (entry.size !== estimator.size(countedText(entry))) expect.fail(`entry ${i} has another size`);
  });
  const entriesSize = window.entries.reduce((sum, entry) => sum + entry.size, 0);
  expect(window.size).to.equal(entriesSize + estimator.size(window.systemPrompt ?? ''));
}

/** P2: no entry takes more than those together that stood for the same messages before. */
export function expectNoLarger(before: Window, after: Window): void {
  const placeOf = new Map<number, number>();
  const sizes = new Map(after.entries.map((entry, place) => [place, entry.size]));
  after.entries.forEach((entry, place) => {
    for (const seq of seqsOf(entry)) placeOf.set(seq, place);
  });
  for (const entry of before.entries) {
    const place = placeOf.get(entry.fromSeq)!;
    sizes.set(place, sizes.get(place)! - entry.size);
  }
  for (const [place, excess] of sizes) {
    if (excess > 0) expect.fail(`the entry of ${after.entries[place]!.fromSeq} grew by ${excess}`);
  }
}

/** P4: what was protected before is there after, byte for byte. */
export function expectProtected(
  { before, after }: Pick<Appended, 'before' | 'after'>,
  policy: ContextPolicy,
  estimator: Estimator = charsDiv4,
  appending = true,
): void {
  const { guards } = protect(before, policy, appending, estimator);
  const kept = new Map(after.entries.map((entry) => [entry.fromSeq, entry]));
  before.entries.forEach((entry, i) => {
    if (guards[i] !== null && !sameBytes(entry, kept.get(entry.fromSeq))) {
      expect.fail(`message ${entry.fromSeq} (${guards[i]}) changed`);
    }
  });
  expect(after.systemPrompt).to.equal(before.systemPrompt);
}

function sameBytes(a: Entry, b: Entry | undefined): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function makesCalls(line: Pick<Line, 'role' | 'toolCalls'>): boolean {
  return line.role === 'assistant' && (line.toolCalls?.length ?? 0) > 0;
}

/** For each message its group, by the number of the call; 0 where it is in none. `lines[0]` is message 1. */
function groupsOf(lines: readonly Pick<Line | Message, 'role' | 'toolCalls'>[]): readonly number[] {
  let call = 0;
  return lines.map((line, i) => {
    if (makesCalls(line)) call = i + 1;
    else if (line.role !== 'tool') call = 0;
    return call;
  });
}

/** P7: of a group either every message has an entry of its own, in its role, or one summary stands for all. */
export function expectGroupsWhole(window: Window, lines: readonly Line[]): void {
  const groups = groupsOf(lines);
  const entryOf = new Map<number, Entry>();
  for (const entry of window.entries) for (const seq of seqsOf(entry)) entryOf.set(seq, entry);
  groups.forEach((call, i) => {
    const seq = i + 1;
    if (call === 0) return;
    const [own, calls] = [entryOf.get(seq)!, entryOf.get(call)!];
    if ((own.kind === 'summary') !== (calls.kind === 'summary')) expect.fail(`message ${seq} is without its group`);
    if (own.kind === 'summary') return;
    const line = lines[i]!;
    if (own.role !== line.role || own.toolCallId !== line.toolCallId) expect.fail(`message ${seq} lost its call`);
    const ids = (part: Pick<Line, 'toolCalls'>) => part.toolCalls?.map(({ id, name }) => [id, name]) ?? null;
    expect(ids(own)).to.deep.equal(ids(line));
  });
}

/** P3: under the trigger after every append, and at or under the target after a compaction. */
export function expectWithinBudget(
  { after, compacted }: Appended,
  policy: ContextPolicy,
  estimator: Estimator = charsDiv4,
): void {
  expect(atTrigger(after.size, 0, policy, estimator), 'at the trigger').to.equal(false);
  if (compacted === null) return;
  expect(usagePct(after.size, policy, estimator), 'usage').to.be.at.most(policy.targetPct);
}

/** Text is whole: no half of a surrogate pair, and no combining character torn from what it stands on. */
export function expectWellFormed(window: Window): void {
  for (const entry of window.entries) {
    expect(entry.content.isWellFormed(), `entry of ${entry.fromSeq}`).to.equal(true);
  }
}
