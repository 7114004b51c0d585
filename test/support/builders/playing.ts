/** Plays conversations, generated and real ones, with every estimator, and shows each append to whoever watches. */
import fc from 'fast-check';
import { loadEstimator } from '#adapters/language-model/token-estimators.ts';
import { checkPins } from '#domain/conversations/compaction/protection.ts';
import { type ContextPolicy, STRATEGY_NAMES } from '#domain/conversations/context-policy.ts';
import { ESTIMATOR_NAMES, type Estimator } from '#domain/conversations/usage.ts';
import { verbatim, type Window, withEntry } from '#domain/conversations/window.ts';
import { DomainError } from '#domain/shared/domain-error.ts';
import { isFull } from '../reporting/rounds.ts';
import { type Appended, type Conversation, conversationWith, draftOf, policyOf } from './appending.ts';
import { conversation as conversations, type Step } from './generated.ts';
import { chatTranscripts, type Line, playTranscripts } from './transcripts.ts';

/** Is shown each append that was accepted, every line so far, and the conversation as it is then. */
type Watch = (appended: Appended, lines: readonly Line[], conversation: Conversation) => void;

/** Makes who watches one conversation. */
export type Watcher = (policy: ContextPolicy, by: Estimator) => Watch;

const generatedPolicy = fc
  .record({
    maxTokens: fc.constantFrom(300, 1_000, 4_000, 16_000),
    maxEntries: fc.constantFrom(8, 50, 2_000),
    keepTail: fc.constantFrom(0, 1, 4, 12),
    windowTurns: fc.constantFrom(1, 10),
    artifactMinChars: fc.constantFrom(100, 1_500),
    targetPct: fc.constantFrom(30, 60, 75),
    strategies: fc.shuffledSubarray([...STRATEGY_NAMES], { minLength: 4 }),
  })
  .map(policyOf);

/** Budgets in tokens, from one that sessions fill again and again to the default. */
const BUDGETS = [1_000, 4_000, 16_000];
/** So much of a session reaches the trigger of the default budget. */
const SAMPLED_LINES = 600;

export const everyEstimator = (): Promise<readonly Estimator[]> => Promise.all(ESTIMATOR_NAMES.map(loadEstimator));

/** Plays conversations of every kind under policies of every kind: 120 by default, 3 000 with TEST_ROUNDS=full. */
export function playGenerated(estimators: readonly Estimator[], watcher: Watcher): void {
  fc.assert(
    fc.property(conversations, generatedPolicy, fc.constantFrom(...estimators), (steps, policy, by) =>
      play(steps, policy, by, watcher(policy, by)),
    ),
    { numRuns: isFull ? 3_000 : 120, endOnFailure: true },
  );
}

/**
 * Plays every transcript. With TEST_ROUNDS=full: the whole of it, counted by each estimator, in each budget. Otherwise
 * its beginning in one of these ways, another for each transcript; `turn` says with which to begin.
 */
export function playTranscribed(estimators: readonly Estimator[], turn: number, watcher: Watcher): void {
  const ways = BUDGETS.flatMap((maxTokens) => estimators.map((by) => ({ by, policy: policyOf({ maxTokens }) })));
  for (const [i, { lines }] of [...playTranscripts(), ...chatTranscripts()].entries()) {
    const taken = isFull ? lines : lines.slice(0, SAMPLED_LINES);
    const steps = taken.map((line, n) => ({ lines: [line], pinned: n % 97 === 5 }));
    for (const { by, policy } of isFull ? ways : [ways[(i + turn) % ways.length]!])
      play(steps, policy, by, watcher(policy, by));
  }
}

/** Plays a conversation; what is refused is left out, a group from there on. */
function play(steps: readonly Step[], policy: ContextPolicy, by: Estimator, watch: Watch): void {
  const conversation = conversationWith(policy, by, 'You are the keeper of this table.');
  const lines: Line[] = [];
  for (const { lines: next, pinned } of steps) {
    for (const line of next) {
      const appended = appendIfPossible(conversation, line, pinned, policy, by);
      if (appended === null) break;
      lines.push(line);
      watch(appended, lines, conversation);
    }
  }
}

/** Appends one message as a user would: a pin that has no room is left out. Null where the message is refused. */
function appendIfPossible(conversation: Conversation, line: Line, pin: boolean, policy: ContextPolicy, by: Estimator) {
  try {
    const entry = verbatim(draftOf(line, by), conversation.lastSeq + 1, pin);
    const allowed = pin && fits(withEntry(conversation.window, entry), policy, by);
    return conversation.append(line, allowed);
  } catch (error) {
    if (error instanceof DomainError && error.code === 'context_budget_unreachable') return null;
    throw error;
  }
}

function fits(window: Window, policy: ContextPolicy, by: Estimator): boolean {
  try {
    checkPins(window, 'message', policy, by);
    return true;
  } catch {
    return false;
  }
}
