/** A sample that a seed determines: from each folder in proportion, within it from each kind of fault alike. */
import { dirname } from 'node:path';
import type { Mutant } from './mutant.ts';

/** Numbers from 0 to below 1 (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `count` mutants that are accepted, or all of them where there are fewer. */
export function sample(
  mutants: readonly Mutant[],
  count: number,
  seed: number,
  accepts: (mutant: Mutant) => boolean,
): readonly Mutant[] {
  const random = randomFrom(seed);
  const folders = Object.values(Object.groupBy(mutants, ({ file }) => dirname(file))).map((own = []) => own);
  const drawers = folders.map((own) => ({ share: own.length, drawn: 0, queue: shuffled(own, random) }));
  const chosen: Mutant[] = [];
  while (chosen.length < count) {
    const open = drawers.filter(({ queue }) => queue.length > 0);
    // The folder that is furthest behind its share.
    const next = open.sort((a, b) => a.drawn / a.share - b.drawn / b.share || b.share - a.share)[0];
    if (next === undefined) break;
    const mutant = drawn(next.queue, accepts);
    next.drawn += 1;
    if (mutant !== undefined) chosen.push(mutant);
  }
  return chosen;
}

/** The next one that is accepted; the others are forgotten. */
function drawn(queue: Mutant[], accepts: (mutant: Mutant) => boolean): Mutant | undefined {
  for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
    if (accepts(mutant)) return mutant;
  }
  return undefined;
}

/** In a random order in which the kinds of faults take turns. */
function shuffled(mutants: readonly Mutant[], random: () => number): Mutant[] {
  const keyed = mutants.map((mutant) => ({ mutant, key: random() })).sort((a, b) => a.key - b.key);
  const turns = new Map<string, number>();
  const ranked = keyed.map(({ mutant, key }) => {
    const turn = turns.get(mutant.operator) ?? 0;
    turns.set(mutant.operator, turn + 1);
    return { mutant, at: turn + key };
  });
  return ranked.sort((a, b) => a.at - b.at).map(({ mutant }) => mutant);
}
