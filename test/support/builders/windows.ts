/** Windows written down shortly, and single strategies tried on them. */
import { type Compacted, compact } from '#domain/conversations/compaction/chain.ts';
import type { StrategyName } from '#domain/conversations/context-policy.ts';
import { charsDiv4, type Estimator } from '#domain/conversations/usage.ts';
import { type Entry, verbatim, type Window, windowOf } from '#domain/conversations/window.ts';
import { draftOf, policyOf } from './appending.ts';
import type { Line } from './transcripts.ts';

/** A speech of six sentences, three of which tell what happens. */
export const story = [
  'The party reaches the gate of Stonefall at dusk.',
  'It is raining, and everyone is tired of walking.',
  'Captain Orla Venn demands 40 gold for entry.',
  'There is a bit of mud on the road.',
  'They decide to bribe the smuggler Tam instead.',
  'Somebody sneezes.',
].join(' ');

/** A window of verbatim messages; `pinned` are their numbers. */
export function windowFrom(
  lines: readonly Line[],
  pinned: readonly number[] = [],
  estimator: Estimator = charsDiv4,
): Window {
  const entries = lines.map((line, i) => verbatim(draftOf(line, estimator), i + 1, pinned.includes(i + 1)));
  return windowOf(null, 0, entries);
}

/**
 * What strategies make of a window when they are pressed to free as much as they can; nothing but pins is protected.
 */
export function pressed(
  window: Window,
  strategies: readonly StrategyName[],
  overrides: Parameters<typeof policyOf>[0] = {},
): Compacted {
  const policy = policyOf({ keepTail: 0, ...overrides });
  const job = { window, policy, goal: { maxSize: 0, maxEntries: 1 }, appending: false, strategies };
  return compact(job, charsDiv4, () => 0);
}

/** What the strategies make of a window that has to lose only so much, in characters. */
export function freeing(
  window: Window,
  characters: number,
  strategies: readonly StrategyName[],
  overrides: Parameters<typeof policyOf>[0] = {},
): Compacted {
  const policy = policyOf({ keepTail: 0, ...overrides });
  const goal = { maxSize: window.size - characters, maxEntries: 2_000 };
  return compact({ window, policy, goal, appending: false, strategies }, charsDiv4, () => 0);
}

/** Entries as "kind from-to", to compare many at a glance. */
export function outline(entries: readonly Entry[]): readonly string[] {
  return entries.map(({ kind, fromSeq, toSeq }) => `${kind} ${fromSeq}${fromSeq === toSeq ? '' : `-${toSeq}`}`);
}
