/** Finds the groups of a window: an assistant message with tool calls and the tool messages directly after it. */
import type { Entry } from '#domain/conversations/window.ts';

/** A half-open range of entry indices, `start..end`: one entry, or a whole group. Units are compacted as a whole. */
export type Unit = Readonly<{ start: number; end: number }>;

function makesCalls(entry: Entry): boolean {
  return entry.role === 'assistant' && entry.toolCalls !== null && entry.toolCalls.length > 0;
}

/** Whether `entry` is a tool result that directly follows `previous`, in the window and in the transcript. */
function continuesGroup(entry: Entry, previous: Entry): boolean {
  return entry.role === 'tool' && entry.kind !== 'folded' && entry.fromSeq === previous.toSeq + 1;
}

function groupEnd(entries: readonly Entry[], start: number): number {
  let end = start + 1;
  if (!makesCalls(entries[start]!)) return end;
  while (end < entries.length && continuesGroup(entries[end]!, entries[end - 1]!)) end++;
  return end;
}

/** Partitions the entries into units, in order. */
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
 * Returns the open group: the group at the end of the window, which further tool results may still join; null if the
 * window does not end with one. It must not be folded, because results would then arrive without their call.
 */
export function openGroupOf(entries: readonly Entry[], units: readonly Unit[]): Unit | null {
  const last = units.at(-1);
  return last !== undefined && makesCalls(entries[last.start]!) ? last : null;
}

/**
 * Whether an entry is a notice: a system message, or a tool message without a call. Only valid for a unit of one entry.
 */
export function isNotice(entry: Entry): boolean {
  return (entry.role === 'system' || entry.role === 'tool') && entry.kind !== 'summary';
}
