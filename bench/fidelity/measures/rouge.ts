/** ROUGE-1, ROUGE-2 and ROUGE-L (Lin 2004): how much of a reference text's words another text has. */
import { longestCommon } from './longest-common.ts';

export type Rouge = Readonly<{ rouge1: number; rouge2: number; rougeL: number }>;

type Counts = ReadonlyMap<string, number>;

/** F1 of texts against a reference, which is read once. */
export function rougeAgainst(reference: string): (candidate: string) => Rouge {
  const wanted = tokens(reference);
  const [words, pairs] = [counted(wanted), counted(pairsOf(wanted))];
  const common = longestCommon(wanted);
  return (candidate) => {
    const own = tokens(candidate);
    return {
      rouge1: f1(hits(own, words), own.length, wanted.length),
      rouge2: f1(hits(pairsOf(own), pairs), own.length - 1, wanted.length - 1),
      rougeL: f1(common(own), own.length, wanted.length),
    };
  };
}

function tokens(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

function counted(all: readonly string[]): Counts {
  const counts = new Map<string, number>();
  for (const one of all) counts.set(one, (counts.get(one) ?? 0) + 1);
  return counts;
}

function pairsOf(words: readonly string[]): readonly string[] {
  return words.slice(1).map((word, i) => `${words[i]} ${word}`);
}

function hits(own: readonly string[], wanted: Counts): number {
  let sum = 0;
  for (const [gram, count] of counted(own)) sum += Math.min(count, wanted.get(gram) ?? 0);
  return sum;
}

function f1(found: number, candidate: number, reference: number): number {
  if (found === 0) return 0;
  const [precision, recall] = [found / candidate, found / reference];
  return (2 * precision * recall) / (precision + recall);
}
