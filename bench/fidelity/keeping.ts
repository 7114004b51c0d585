/** What a baseline keeps of a transcript: the first of its ranking, at the cost of our window. */
import type { Left, Replay } from './replay.ts';
import type { Said } from './sample.ts';
import type { Sentence } from './sentence-index.ts';

/** Keeps of what our window compacted as many characters as it left of that; what is verbatim in ours, it keeps too. */
export function keeping(ranked: readonly Sentence[], replay: Replay): Left {
  const compacted = ranked.filter(({ turn }) => replay.isCompacted[turn]);
  const summarised = ranked.filter(({ turn }) => replay.isSummarised[turn]);
  return {
    passages: [...fitting(compacted, replay.spare, bareLength), ...replay.verbatim],
    index: '',
    summary: writtenOut(fitting(summarised, replay.summarySize, (said) => writtenOut(said).length)),
  };
}

/**
 * The first of `ranked`, in the order of the transcript, as many as fit by `lengthOf`, which is at least the texts'.
 */
function fitting(
  ranked: readonly Sentence[],
  characters: number,
  lengthOf: (said: readonly Said[]) => number,
): readonly Said[] {
  let [low, high] = [0, atMost(ranked, characters)];
  const first = (count: number) => ranked.slice(0, count).toSorted((a, b) => a.place - b.place);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (lengthOf(first(middle)) <= characters) low = middle;
    else high = middle - 1;
  }
  return first(low);
}

function atMost(ranked: readonly Sentence[], characters: number): number {
  let sum = 0;
  const tooMany = ranked.findIndex(({ text }) => {
    sum += text.length;
    return sum > characters;
  });
  return tooMany < 0 ? ranked.length : tooMany;
}

/** What sentences take as messages of a window, where names are not counted. */
function bareLength(said: readonly Said[]): number {
  return said.reduce((sum, { text }) => sum + text.length, 0);
}

/** Sentences as the text of a summary, in the form that ours has. */
function writtenOut(said: readonly Said[]): string {
  return said
    .map(({ speaker, text }, i) => (i > 0 && said[i - 1]!.speaker === speaker ? ` ${text}` : `\n${speaker}: ${text}`))
    .join('')
    .trimStart();
}
