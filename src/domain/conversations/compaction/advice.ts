/** What users can do about a window that cannot be compacted far enough, each with the call to make. */
import type { ContextPolicy } from '../context-policy.ts';
import type { Estimator } from '../usage.ts';
import type { Entry, Window } from '../window.ts';
import { promptSizeOf } from './window/guards.ts';
import { grouped } from './window/stub.ts';

/**
 * One thing that the user can do. `seq` is the pinned message to leave out; `tokens` is how much of the window the part
 * in question takes. The text names the call to make.
 */
type Advice = Readonly<{
  action: 'split_message' | 'compact_now' | 'send_unpinned' | 'leave_out_pin' | 'shorten_prompt';
  seq?: number;
  tokens?: number;
  text: string;
}>;

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

function adviceOnPrompt(promptSize: number, estimator: Estimator): readonly Advice[] {
  const what = 'start a conversation (POST /chat) with a shorter system prompt';
  const advice = adviceOn('shorten_prompt', promptSize, estimator, what);
  return advice.tokens === 0 ? [] : [advice];
}

/** What was sent stays pinned, so only another conversation can do without it. */
function adviceOnPins(entries: readonly Entry[], estimator: Estimator): readonly Advice[] {
  const pins = entries.filter((entry) => entry.pinned).toSorted((a, b) => b.size - a.size);
  return pins.slice(0, MAX_PIN_ADVICE).map(({ size, fromSeq }) => {
    const what = `start a conversation (POST /chat) without the pinned message ${fromSeq}`;
    return adviceOn('leave_out_pin', size, estimator, what, fromSeq);
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

/**
 * Returns all advice on a window with too many pins. Its last entry, if any, is a message that is being sent pinned.
 */
export function adviceOnPinning(window: Window, estimator: Estimator): readonly Advice[] {
  const sent = window.entries.at(-1);
  const what = 'send the message without `pinned` (POST /chat/{thread})';
  return [
    ...(sent === undefined ? [] : [adviceOn('send_unpinned', sent.size, estimator, what)]),
    ...adviceOnPins(window.entries.slice(0, -1), estimator),
    ...adviceOnPrompt(promptSizeOf(window), estimator),
  ];
}
