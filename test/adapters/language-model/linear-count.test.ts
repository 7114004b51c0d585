/** Tokens are counted in time linear in the text, whatever the text is, and exactly where it is prose. */
import { expect } from 'chai';
import * as cl100k from 'gpt-tokenizer/encoding/cl100k_base';
import * as o200k from 'gpt-tokenizer/encoding/o200k_base';
import { linearCount, PIECE_MAX_UNITS, SEGMENT_UNITS } from '#adapters/language-model/linear-count.ts';
import { loadEstimator } from '#adapters/language-model/token-estimators.ts';
import { ESTIMATOR_NAMES } from '#domain/conversations/usage.ts';
import { countedText } from '#domain/conversations/window.ts';
import { conversationWith, policyOf, said } from '../../support/builders/appending.ts';
import { chatTranscripts, playTranscripts, transcriptsInUse } from '../../support/builders/transcripts.ts';
import { expectAccounted, expectWithinBudget } from '../../support/invariants/invariants.ts';

const SIZE = 200_000;
const AS_TEXT = { disallowedSpecial: new Set<string>() };
const vocabularies = { o200k_base: o200k, cl100k_base: cl100k };

/** The same characters in an order that repeats late: a tokenizer that remembers words has met none of them. */
function scrambled(characters: string, length: number): string {
  const units = [...characters];
  let [text, state] = ['', 1];
  while (text.length < length) {
    state = (state * 48_271) % 2_147_483_647;
    text += units[state % units.length]!;
  }
  return text;
}

const between = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => String.fromCodePoint(from + i));
const runs: Readonly<Record<string, string>> = {
  'one letter': 'a'.repeat(SIZE),
  'one capital': 'A'.repeat(SIZE),
  'letters of both cases': scrambled('abcdefghijkABCDEFGHIJK', SIZE),
  spaces: ' '.repeat(SIZE),
  'white space of all kinds': scrambled(' \t\n\r\u00a0\u2003\u3000', SIZE),
  'line ends': '\n'.repeat(SIZE),
  'line ends and slashes': '!'.concat('/\n'.repeat(SIZE / 2)),
  'one Chinese character': '龍'.repeat(SIZE),
  'Chinese characters': scrambled(between(0x4e00, 0x9f00).join(''), SIZE),
  'Korean syllables': scrambled(between(0xac00, 0xd700).join(''), SIZE),
  emoji: scrambled(between(0x1f300, 0x1f600).join(''), SIZE),
  'emoji families': '👩‍👩‍👧‍👦'.repeat(SIZE / 11),
  'combining marks': `e${scrambled(between(0x300, 0x36f).join(''), SIZE)}`,
  'marks on punctuation': scrambled('!?-\u0301\u0302', SIZE),
  base64: scrambled('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', SIZE),
  punctuation: scrambled('!"#$%&()*+,-.:;<=>?@[]^_`{|}~', SIZE),
  digits: scrambled('0123456789', SIZE),
  'words of 120 letters': 'Donaudampfschiff'
    .repeat(8)
    .slice(0, 120)
    .concat(' ')
    .repeat(SIZE / 121),
  'JSON without spaces': JSON.stringify(between(33, 20_000)),
  'halves of surrogate pairs': '\ud83d'.repeat(SIZE),
};

/** What is counted at once of a text. */
function piecesOf(text: string): readonly string[] {
  const pieces: string[] = [];
  linearCount((piece) => pieces.push(piece))(text);
  return pieces;
}

/** The longest match of the expressions by which a vocabulary cuts texts into what it merges, in code units. */
function longestMerge(pieces: readonly string[]): number {
  const letters = String.raw`[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+`;
  const merged = new RegExp(
    String.raw`${letters}|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
    'gu',
  );
  return pieces.reduce(
    (longest, piece) => (piece.match(merged) ?? []).reduce((most, { length }) => Math.max(most, length), longest),
    0,
  );
}

describe('Counting tokens', function () {
  this.timeout(60_000);

  for (const [name, text] of Object.entries(runs)) {
    it(`P10 bounded: gives the tokenizer each character once, and no long run, of 200 000 characters of ${name}`, () => {
      const pieces = piecesOf(text);
      expect(pieces.join('') === text, 'every character once').to.equal(true);
      expect(longestMerge(pieces)).to.be.at.most(3 * PIECE_MAX_UNITS);
      expect(Math.max(...pieces.map(({ length }) => length))).to.be.at.most(3 * SEGMENT_UNITS);
      if (text.isWellFormed()) expect(pieces.every((piece) => piece.isWellFormed())).to.equal(true);
      const called = countedText({ content: '', toolCalls: [{ name: 'save', arguments: text }] });
      const ofCall = piecesOf(called);
      expect(ofCall.join('') === called, 'every character of a tool call once').to.equal(true);
      expect(longestMerge(ofCall)).to.be.at.most(3 * PIECE_MAX_UNITS);
    });
  }

  for (const name of ESTIMATOR_NAMES) {
    it(`P10 bounded: fits tool calls of any arguments into a budget of ${name}, counting each a few times`, async () => {
      const estimator = await loadEstimator(name);
      for (const [kind, text] of Object.entries(runs)) {
        let [given, counted] = [0, 0];
        const size = (part: string) => {
          counted += part.length;
          return estimator.size(part);
        };
        const policy = policyOf({ maxTokens: 80_000 });
        const by = { ...estimator, size };
        const conversation = conversationWith(policy, by);
        for (let i = 0; i < 8; i++) {
          const toolCalls = [{ id: `call_${i}`, name: 'save', arguments: text.slice(i * 1_000, i * 1_000 + 10_000) }];
          for (const line of [
            said('', { role: 'assistant', toolCalls }),
            said('Saved.', { role: 'tool', toolCallId: `call_${i}` }),
          ]) {
            given += countedText(line).length;
            expectWithinBudget(conversation.append(line), policy, by);
          }
        }
        expect(counted, kind).to.be.below(4 * given);
        expectAccounted(conversation.window, 16, estimator);
      }
    });
  }

  for (const name of ['o200k_base', 'cl100k_base'] as const) {
    it(`counts at most a token more for each piece of a long run than ${name} itself`, async () => {
      const { size } = await loadEstimator(name);
      for (const [kind, text] of Object.entries(runs)) {
        const short = text.slice(0, 3_000);
        const bare = vocabularies[name].countTokens(short, AS_TEXT);
        expect(size(short), kind).to.be.within(bare, bare + Math.ceil(short.length / PIECE_MAX_UNITS));
      }
    });

    it(`counts prose exactly as ${name} itself does (${transcriptsInUse})`, async () => {
      const { size } = await loadEstimator(name);
      const transcripts = [...playTranscripts().slice(0, 3), ...chatTranscripts()];
      const messages = transcripts.flatMap(({ lines }) => lines.slice(0, 400)).map(countedText);
      const long = messages
        .filter((text) => !/\S{100}/u.test(text))
        .join('\n')
        .slice(0, SIZE);
      for (const text of [...messages.filter((text) => longestMerge([text]) <= PIECE_MAX_UNITS), long]) {
        const bare = vocabularies[name].countTokens(text, AS_TEXT);
        if (size(text) !== bare) expect(size(text), text.slice(0, 300)).to.equal(bare);
      }
    });
  }
});
