/** Pins: a message that a compaction must leave as it is. */
import { conversationErrors } from './errors.ts';
import type { Window } from './window.ts';

/** Whether a window shows a message as pinned. */
export function isPinned(window: Window, seq: number): boolean {
  return window.entries[indexOf(window, seq)]?.pinned === true;
}

/**
 * Returns the window with a message pinned. Throws 409 `not_verbatim` unless the window shows the message verbatim:
 * there is nothing left to protect of one that was compacted.
 */
export function withPin(window: Window, seq: number): Window {
  const at = indexOf(window, seq);
  if (at === -1) throw conversationErrors.notVerbatim();
  return { ...window, entries: window.entries.with(at, { ...window.entries[at]!, pinned: true }) };
}

/** Returns the window with a message no longer pinned. */
export function withoutPin(window: Window, seq: number): Window {
  const at = indexOf(window, seq);
  return at === -1
    ? window
    : { ...window, entries: window.entries.with(at, { ...window.entries[at]!, pinned: false }) };
}

function indexOf({ entries }: Window, seq: number): number {
  return entries.findIndex((entry) => entry.kind === 'message' && entry.fromSeq === seq);
}
