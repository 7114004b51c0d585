/** ROUGE-1, ROUGE-2 and ROUGE-L (Lin 2004): how much of a reference text's words another text has. */

export type Rouge = Readonly<{ one: number; two: number; longest: number }>;

function tokens(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

function counted(all: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const one of all) counts.set(one, (counts.get(one) ?? 0) + 1);
  return counts;
}

function pairs(words: readonly string[]): readonly string[] {
  return words.slice(1).map((word, i) => `${words[i]} ${word}`);
}

function f1(hits: number, candidate: number, reference: number): number {
  if (hits === 0) return 0;
  const [precision, recall] = [hits / candidate, hits / reference];
  return (2 * precision * recall) / (precision + recall);
}

function overlap(candidate: readonly string[], reference: readonly string[]): number {
  const available = counted(reference);
  let hits = 0;
  for (const [gram, count] of counted(candidate)) hits += Math.min(count, available.get(gram) ?? 0);
  return f1(hits, candidate.length, reference.length);
}

function longestCommon(a: readonly string[], b: readonly string[]): number {
  let previous = new Uint32Array(b.length + 1);
  let row = new Uint32Array(b.length + 1);
  for (const word of a) {
    for (let j = 0; j < b.length; j++) {
      row[j + 1] = word === b[j] ? previous[j]! + 1 : Math.max(previous[j + 1]!, row[j]!);
    }
    [previous, row] = [row, previous];
  }
  return previous[b.length]!;
}

/** F1 of a candidate text against a reference. */
export function rouge(candidate: string, reference: string): Rouge {
  const [own, wanted] = [tokens(candidate), tokens(reference)];
  return {
    one: overlap(own, wanted),
    two: overlap(pairs(own), pairs(wanted)),
    longest: f1(longestCommon(own, wanted), own.length, wanted.length),
  };
}
