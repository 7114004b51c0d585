/** Creates token estimators: characters by four, or a real vocabulary of gpt-tokenizer, which is loaded on demand. */
import { charsDiv4, type Estimator, type EstimatorName } from '#domain/conversations/usage.ts';
import { linearCount } from './linear-count.ts';

/** What is used of a vocabulary of gpt-tokenizer. */
type Vocabulary = Readonly<{
  countTokens(text: string, options: { disallowedSpecial: Set<string> }): number;
  setMergeCacheSize(size: number): void;
}>;

/** Control tokens in a text, such as `<|endoftext|>`, count as ordinary text: transcripts may quote anything. */
const AS_TEXT = { disallowedSpecial: new Set<string>() };
/** How many words the tokenizer remembers, each with the segment of text that it was met in: 80 MB at the very most. */
const CACHED_WORDS = 10_000;

/** Returns the estimator of this name. Loading a vocabulary takes about 100 ms and 30 MB, once for each thread. */
export async function loadEstimator(name: EstimatorName): Promise<Estimator> {
  if (name === 'chars_div_4') return charsDiv4;
  const vocabulary =
    name === 'cl100k_base'
      ? await import('gpt-tokenizer/encoding/cl100k_base')
      : await import('gpt-tokenizer/encoding/o200k_base');
  return tokenizer(name, vocabulary as Vocabulary);
}

/**
 * An estimator whose unit is the token. Texts are counted one by one, so a total ignores tokens that would span two.
 */
function tokenizer(name: EstimatorName, vocabulary: Vocabulary): Estimator {
  vocabulary.setMergeCacheSize(CACHED_WORDS);
  return {
    name,
    size: linearCount((text) => vocabulary.countTokens(text, AS_TEXT)),
    tokens: (size) => size,
    sizeOfTokens: (tokens) => tokens,
  };
}
