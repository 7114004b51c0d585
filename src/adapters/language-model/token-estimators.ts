/** Creates token estimators: characters by four, or a real vocabulary of gpt-tokenizer, which is loaded on demand. */
import { charsDiv4, type Estimator, type EstimatorName } from '#domain/conversations/usage.ts';

type Counter = (text: string, options: { disallowedSpecial: Set<string> }) => number;

/** Control tokens in a text, such as `<|endoftext|>`, count as ordinary text: transcripts may quote anything. */
const AS_TEXT = { disallowedSpecial: new Set<string>() };

/** Returns the estimator of this name. Loading a vocabulary takes about 100 ms and 30 MB, once for each process. */
export async function loadEstimator(name: EstimatorName): Promise<Estimator> {
  if (name === 'chars_div_4') return charsDiv4;
  const { countTokens } =
    name === 'cl100k_base'
      ? await import('gpt-tokenizer/encoding/cl100k_base')
      : await import('gpt-tokenizer/encoding/o200k_base');
  return tokenizer(name, countTokens as Counter);
}

/**
 * An estimator whose unit is the token. Texts are counted one by one, so a total ignores tokens that would span two.
 */
function tokenizer(name: EstimatorName, count: Counter): Estimator {
  return {
    name,
    size: (text) => (text === '' ? 0 : count(text, AS_TEXT)),
    tokens: (size) => size,
    sizeOfTokens: (tokens) => tokens,
  };
}
