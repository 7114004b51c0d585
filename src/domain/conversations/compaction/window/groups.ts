/** Which entries belong together: an assistant message with tool calls and the tool messages right after it. */
import type { Entry } from '#domain/conversations/window.ts';

/** A run of entries by index, `end` not included: one entry, or a whole group. */
export type Unit = Readonly<{ start: number; end: number }>;

function makesCalls(entry: Entry): boolean {
  return entry.role === 'assistant' && entry.toolCalls !== null && entry.toolCalls.length > 0;
}

/** Whether `entry` is a tool result that directly follows, in the transcript too, what `previous` stands for. */
function continuesGroup(entry: Entry, previous: Entry): boolean {
  return entry.role === 'tool' && entry.kind !== 'folded' && entry.fromSeq === previous.toSeq + 1;
}

function groupEnd(entries: readonly Entry[], start: number): number {
  let end = start + 1;
  if (!makesCalls(entries[start]!)) return end;
  while (end < entries.length && continuesGroup(entries[end]!, entries[end - 1]!)) end++;
  return end;
}

/** The entries as units, in order: what one of a unit's entries goes through, all of them do. */
export function unitsOf(entries: readonly Entry[]): readonly Unit[] {
  const units: Unit[] = [];
  for (let start = 0; start < entries.length; ) {
    const end = groupEnd(entries, start);
    units.push({ start, end });
    start = end;
  }
  return units;
}

/**
 * The group at the end of the window, which further results may still join; null where the window ends otherwise.
 * It must not be folded away: the results to come would be without their call.
 */
export function openGroupOf(entries: readonly Entry[], units: readonly Unit[]): Unit | null {
  const last = units.at(-1);
  return last !== undefined && makesCalls(entries[last.start]!) ? last : null;
}

/** Whether an entry that is a unit of its own is a notice: a system message, or a tool message without a call. */
export function isNotice(entry: Entry): boolean {
  return (entry.role === 'system' || entry.role === 'tool') && entry.kind !== 'summary';
}
