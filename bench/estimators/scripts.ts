/** How far each estimator is from the tokens that a model counts, by what a text is written in. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { loadEstimator } from '../../src/adapters/language-model/token-estimators.ts';
import { ESTIMATOR_NAMES, type EstimatorName } from '../../src/domain/conversations/usage.ts';
import { randomOf } from '../fidelity/random.ts';
import { talkOf } from '../fidelity/talk/generator.ts';
import { type LanguageCode, languageOf } from '../fidelity/talk/language.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const CHARACTERS = 40_000;
const SEED = 5;
const AS_TEXT = { disallowedSpecial: new Set<string>() };

const SMILES = ['😀', '🐉', '⚔️', '🧝‍♀️', '🎲', '🇫🇷', '👍🏽', '🔥', '❤️', '🏰'];

/** Text that is in this repository, or made by it. */
const SCRIPTS: Readonly<Record<string, () => string>> = {
  English: () => talk('en'),
  German: () => talk('de'),
  Russian: () => talk('ru'),
  Chinese: () => talk('zh'),
  Japanese: () => talk('ja'),
  Korean: () => talk('ko'),
  emoji: () => made(({ pick }) => pick(SMILES), CHARACTERS / 10),
  JSON: () => JSON.stringify(played(), null, 2).slice(0, CHARACTERS),
  code: () => migrations().slice(0, CHARACTERS),
  base64: () =>
    Buffer.from(
      made(({ below }) => String.fromCharCode(below(256)), CHARACTERS),
      'latin1',
    ).toString('base64'),
};

function talk(code: LanguageCode): string {
  return talkOf(languageOf(code, 'measuring'), SEED, CHARACTERS)
    .lines.map(({ content }) => content)
    .join('\n');
}

function made(next: (random: ReturnType<typeof randomOf>) => string, count: number): string {
  const random = randomOf(SEED);
  return Array.from({ length: count }, () => next(random)).join('');
}

function played(): readonly unknown[] {
  const lines = readFileSync(join(ROOT, 'clients/replay/sample.jsonl'), 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
}

/** Files that never change once they are there. */
function migrations(): string {
  const files = readdirSync(join(ROOT, 'migrations')).sort().slice(0, 17);
  return files.map((file) => readFileSync(join(ROOT, 'migrations', file), 'utf8')).join('\n');
}

export type ScriptRow = Readonly<{ script: string; ratios: Readonly<Record<EstimatorName, number>> }>;

/** What each estimator says over what `o200k_base` counts by itself: 0.5 is half of the truth. */
export async function scriptRows(): Promise<readonly ScriptRow[]> {
  const estimators = await Promise.all(ESTIMATOR_NAMES.map(loadEstimator));
  return Object.entries(SCRIPTS).map(([script, textOf]) => {
    const text = textOf();
    const truth = countTokens(text, AS_TEXT);
    const ratios = estimators.map(({ name, size, tokens }) => [name, tokens(size(text)) / truth]);
    return { script, ratios: Object.fromEntries(ratios) };
  });
}
