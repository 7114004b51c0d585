/** What our windows are measured beside: rankings of a transcript's sentences, the first to be kept first. */
import { randomOf, shuffled } from '../random.ts';
import type { Sentence, SentenceIndex } from '../sentence-index.ts';
import { rareWords, tfIdfMean, tfIdfSum } from './rarity.ts';
import { sumBasic } from './sum-basic.ts';
import { textRank } from './text-rank.ts';

type Ranking = (index: SentenceIndex) => readonly Sentence[];

const SEEDS = [1, 2, 3, 4, 5];

/** The scores of a baseline of several rankings are their means. */
export const baselines: Readonly<Record<string, readonly Ranking[]>> = {
  'keep the newest': [({ sentences }) => sentences.toReversed()],
  'head + tail': [({ sentences }) => fromBothEnds(sentences)],
  'lead-k': [({ sentences }) => sentences],
  'random sentences': SEEDS.map(
    (seed) =>
      ({ sentences }) =>
        shuffled(sentences, randomOf(seed)),
  ),
  'TF-IDF sum': [tfIdfSum],
  'TF-IDF mean': [tfIdfMean],
  TextRank: [textRank],
  SumBasic: [sumBasic],
  'rare words': [rareWords],
};

function fromBothEnds(sentences: readonly Sentence[]): readonly Sentence[] {
  return sentences.map((_, i) => (i % 2 === 0 ? sentences[i / 2]! : sentences.at(-(i + 1) / 2)!));
}
