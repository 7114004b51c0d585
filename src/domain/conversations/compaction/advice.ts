/** What users can do about a window that cannot be compacted far enough, each with the call to make. */
import type { ContextPolicy } from '../context-policy.ts';
import type { Estimator } from '../usage.ts';
import type { Entry, Window } from '../window.ts';
import { promptSizeOf } from './window/guards.ts';
import { grouped } from './window/stub.ts';

/**
 * One thing that the user can do. `seq` is the message to unpin; `tokens` is how much of the window the part
 * in question takes. The text names the call to make.
 */
type Advice = Readonly<{
  action: 'split_message' | 'compact_now' | 'send_unpinned' | 'unpin' | 'shorten_prompt';
  seq?: number;
  tokens?: number;
  text: string;
}>;

/**
 * What would take the pins over their share: a message that is sent pinned, the last of the window; the pin of one that
 * stands in it, by its seq; the system prompt of a thread, or of one that is about to start.
 */
export type Pinning = 'message' | 'prompt' | 'start' | Readonly<{ seq: number }>;

const MAX_PIN_ADVICE = 5;
const COMPACT_NOW: Advice = { action: 'compact_now', text: 'compact by hand first: POST /chat/{thread}/compact-now' };

function adviceOn(
  action: Advice['action'],
  size: number,
  estimator: Estimator,
  what: string,
  seq?: number,
): Advice & Readonly<{ tokens: number }> {
  const tokens = estimator.tokens(size);
  return { action, ...(seq === undefined ? {} : { seq }), tokens, text: `${what}: ${grouped(tokens)} tokens` };
}

function adviceOnPrompt(promptSize: number, estimator: Estimator, call = 'PATCH /chat/{thread}'): readonly Advice[] {
  const what = `shorten the system prompt (${call})`;
  const advice = adviceOn('shorten_prompt', promptSize, estimator, what);
  return advice.tokens === 0 ? [] : [advice];
}

function adviceOnPins(entries: readonly Entry[], estimator: Estimator): readonly Advice[] {
  const pins = entries.filter((entry) => entry.pinned).toSorted((a, b) => b.size - a.size);
  return pins.slice(0, MAX_PIN_ADVICE).map(({ size, fromSeq }) => {
    const what = `unpin message ${fromSeq} (DELETE /chat/{thread}/messages/{seq}/pin)`;
    return adviceOn('unpin', size, estimator, what, fromSeq);
  });
}

/**
 * Returns all advice on the message at the window's end, by tokens descending, what frees no known number last.
 * `message` and `system` are the sizes of the message and of the system prompt, in the estimator's unit.
 */
export function adviceOnMessage(
  window: Window,
  { message, system }: Readonly<{ message: number; system: number }>,
  policy: ContextPolicy,
  estimator: Estimator,
): readonly Advice[] {
  const what = 'send the new message in two parts (POST /chat/{thread})';
  const all = [
    adviceOn('split_message', message, estimator, what),
    ...adviceOnPins(window.entries.slice(0, -1), estimator),
    ...adviceOnPrompt(system, estimator),
    ...(policy.automatic ? [] : [COMPACT_NOW]),
  ];
  return all.toSorted((a, b) => (b.tokens ?? 0) - (a.tokens ?? 0));
}

/** Returns all advice on a window with too many pins, but for what is asked: that it could be left is plain. */
export function adviceOnPinning(window: Window, asked: Pinning, estimator: Estimator): readonly Advice[] {
  const sent = asked === 'message' ? window.entries.at(-1) : undefined;
  const pinned = typeof asked === 'object' ? asked.seq : sent?.fromSeq;
  const what = 'send the message without `pinned` (POST /chat/{thread})';
  return [
    ...(sent === undefined ? [] : [adviceOn('send_unpinned', sent.size, estimator, what)]),
    ...adviceOnPins(
      window.entries.filter(({ fromSeq }) => fromSeq !== pinned),
      estimator,
    ),
    ...adviceOnPrompt(promptSizeOf(window), estimator, asked === 'start' ? 'POST /chat' : undefined),
  ];
}
