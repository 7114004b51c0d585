/** Token counts: characters by four, or the real vocabularies of gpt-tokenizer, loaded only where they are configured. */
import { charsDiv4, type Estimator, type EstimatorName } from '#domain/conversations/usage.ts';

type Counter = (text: string, options: { disallowedSpecial: Set<string> }) => number;

/** Text that looks like a control token of the model is text: transcripts may quote anything. */
const AS_TEXT = { disallowedSpecial: new Set<string>() };

/** The estimator of a name. Loading a vocabulary takes some 100 ms and 30 MB, once. */
export async function loadEstimator(name: EstimatorName): Promise<Estimator> {
  if (name === 'chars_div_4') return charsDiv4;
  const { countTokens } =
    name === 'cl100k_base'
      ? await import('gpt-tokenizer/encoding/cl100k_base')
      : await import('gpt-tokenizer/encoding/o200k_base');
  return tokenizer(name, countTokens as Counter);
}

function tokenizer(name: EstimatorName, count: Counter): Estimator {
  return {
    name,
    size: (text) => (text === '' ? 0 : count(text, AS_TEXT)),
    tokens: (size) => size,
    sizeOfTokens: (tokens) => tokens,
  };
}
