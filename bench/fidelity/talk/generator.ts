/**
 * Months of everyday talk between two or three people: sessions under dated headings, small talk with favourite topics,
 * vocatives and slips, what looks like news and is none, and facts that are told once. The same seed gives the same
 * talk.
 */
import type { Line } from '../../../test/support/builders/transcripts.ts';
import { type Random, randomOf, shuffled } from '../random.ts';
import type { PlantedFact } from '../sample.ts';
import type { Language } from './language.ts';
import { type Fact, Sentences, type Turn } from './sentences.ts';

export type Talk = Readonly<{ lines: readonly Line[]; planted: readonly PlantedFact[] }>;

const FIRST_DAY = Date.UTC(2024, 0, 8);
const DAY_MS = 86_400_000;
const GAP_DAYS = 9;
const SHORTEST_SESSION = 12;
const SESSION_SPREAD = 14;
/** A fact in so many messages. */
const FACT_EVERY = 9;
const ALONE = 0.2;

/** A message before facts are planted in it. */
type Draft = { line: Line; fact: Fact | null };

export function talkOf(language: Language, seed: number, characters: number): Talk {
  const random = randomOf(seed);
  const speakers = shuffled(language.section('speakers'), random).slice(0, 2 + random.below(2));
  const sentences = new Sentences(language, random);
  const drafts: Draft[] = [];
  let [length, session, day] = [0, 1, FIRST_DAY];
  while (length < characters) {
    const lines = [heading(language, session, new Date(day)), ...sessionOf(speakers, sentences, random)];
    drafts.push(...lines.map((line) => ({ line, fact: null })));
    length += lines.reduce((sum, { content }) => sum + content.length, 0);
    session += 1;
    day += (1 + random.below(GAP_DAYS)) * DAY_MS;
  }
  plant(drafts, language, sentences, random);
  return {
    lines: drafts.map(({ line }) => line),
    planted: toldOnce(drafts),
  };
}

/** The facts whose answer stands in no other message. */
function toldOnce(drafts: readonly Draft[]): readonly PlantedFact[] {
  const contents = drafts.map(({ line }) => line.content.toLowerCase());
  return drafts
    .flatMap(({ fact }, turn) => (fact === null ? [] : [{ turn, answer: fact.answer }]))
    .filter(({ answer }) => {
      const parts = answer.map((part) => part.toLowerCase());
      return contents.filter((content) => parts.every((part) => content.includes(part))).length === 1;
    });
}

function heading(language: Language, session: number, date: Date): Line {
  const values: Readonly<Record<string, string>> = {
    n: String(session),
    day: String(date.getUTCDate()),
    month: language.section('months')[date.getUTCMonth()]!,
    year: String(date.getUTCFullYear()),
  };
  const content = language.section('header')[0]!.replace(/\{(\w+)\}/gu, (_, slot: string) => values[slot]!);
  return { role: 'system', name: null, content, toolCalls: null, toolCallId: null };
}

function sessionOf(speakers: readonly string[], sentences: Sentences, random: Random): readonly Line[] {
  const count = SHORTEST_SESSION + random.below(SESSION_SPREAD);
  let speaker = random.pick(speakers);
  let to = random.pick(speakers.filter((one) => one !== speaker));
  return Array.from({ length: count }, (_, i) => {
    const content = messageOf({ speaker, to }, i === 0, sentences, random).join(sentences.space);
    const line: Line = { role: 'user', name: speaker, content, toolCalls: null, toolCallId: null };
    const others = speakers.filter((one) => one !== speaker);
    [to, speaker] = [speaker, random.pick(others)];
    return line;
  });
}

/** One to five sentences: an answer to what was said, small talk, a question back. */
function messageOf(turn: Turn, isFirst: boolean, sentences: Sentences, random: Random): readonly string[] {
  const sometimes = (section: string, probability: number) =>
    random.chance(probability) ? [sentences.say(section, turn)] : [];
  const parts = [
    ...(isFirst ? [sentences.say('greetings', turn)] : sometimes('reactions', 0.5)),
    ...sometimes('fillers', 0.2),
    ...sometimes('talk', 0.85),
    ...sometimes('distractors', 0.12),
    ...sometimes('lookalikes', 0.1),
    ...sometimes('talk', 0.35),
    ...sometimes('questions', 0.25),
  ];
  return parts.length > 0 ? parts : [sentences.say('talk', turn)];
}

/** Plants facts in messages, so that no two have the same answer. */
function plant(drafts: Draft[], language: Language, sentences: Sentences, random: Random): void {
  const said = drafts.filter(({ line }) => line.role === 'user');
  const patterns = shuffled(language.section('facts'), random);
  const answers = new Set<string>();
  shuffled(said, random)
    .slice(0, Math.floor(said.length / FACT_EVERY))
    .forEach((draft, i) => {
      const turn = { speaker: draft.line.name!, to: '' };
      const fact = sentences.fact(patterns[i % patterns.length]!, turn);
      const key = fact.answer.join('|').toLowerCase();
      if (answers.has(key)) return;
      answers.add(key);
      draft.fact = fact;
      draft.line = { ...draft.line, content: withFact(draft.line.content, fact.text, turn, sentences, random) };
    });
}

/** The fact alone, or somewhere among the small talk of the message. */
function withFact(content: string, fact: string, turn: Turn, sentences: Sentences, random: Random): string {
  const told = random.chance(0.3) ? sentences.say('leads', turn) + sentences.space + fact : fact;
  if (random.chance(ALONE)) return told;
  return (random.chance(0.5) ? [told, content] : [content, told]).join(sentences.space);
}
