/** Who speaks in a window. Their names say nothing of what is spoken of: people use them to speak to each other. */
import type { MessageRole } from '#domain/conversations/message.ts';
import type { Entry } from '#domain/conversations/window.ts';
import { isName, type Lexicon } from '#domain/text/lexicon.ts';
import { parseSummary } from './summary-text.ts';

const ROLES: readonly MessageRole[] = ['user', 'assistant', 'tool', 'system'];
/** A shorter beginning of a name is no nickname: "Mel" of "Melanie" is one. */
const NICKNAME_MIN_CHARACTERS = 3;

/**
 * The role of each name that messages of a window bear, or passages of its summary. A speaker who is known from a
 * summary alone is a user, unless named by a role.
 */
export function speakersIn(entries: readonly (Entry | null)[]): ReadonlyMap<string, MessageRole> {
  const speakers = new Map<string, MessageRole>();
  for (const entry of entries) if (entry?.name) speakers.set(entry.name, entry.role);
  for (const entry of entries) {
    if (entry?.kind !== 'summary') continue;
    for (const { speaker } of parseSummary(entry.content).passages) {
      if (speaker !== null && !speakers.has(speaker))
        speakers.set(speaker, ROLES.find((role) => role === speaker) ?? 'user');
    }
  }
  return speakers;
}

/** The names among the speakers: who has none is named by a role. */
export function namesOf(speakers: ReadonlyMap<string, MessageRole>): readonly string[] {
  return [...speakers.keys()].filter((speaker) => !ROLES.some((role) => role === speaker));
}

/** A longer message counts as one of this length, in characters. */
const PACE_MAX_CHARACTERS = 2_000;
/** A length that is assumed of everybody, so that a few words make no pace. */
const ASSUMED_CHARACTERS = 20;

/**
 * How long the messages of each user are, in relation to those of all users: above 1 for who narrates, as a game master
 * does.
 */
export function paceOf(entries: readonly (Entry | null)[]): ReadonlyMap<string, number> {
  const all = { messages: 0, characters: 0 };
  const bySpeaker = new Map<string, typeof all>();
  for (const entry of entries) {
    if (entry === null || entry.kind === 'summary' || entry.role !== 'user') continue;
    const speaker = entry.name ?? entry.role;
    const own = bySpeaker.get(speaker) ?? { messages: 0, characters: 0 };
    bySpeaker.set(speaker, own);
    for (const sum of [own, all]) {
      sum.messages++;
      sum.characters += Math.min(PACE_MAX_CHARACTERS, entry.content.length);
    }
  }
  const length = ({ messages, characters }: typeof all) => characters / messages + ASSUMED_CHARACTERS;
  return new Map([...bySpeaker].map(([speaker, own]) => [speaker, length(own) / length(all)]));
}

/** Makes stop words of names in the text that shorten a speaker's. */
export function stopNicknames(lexicon: Lexicon, speakers: Iterable<string>): void {
  const names = [...speakers].flatMap((name) => name.toLowerCase().split(/[^\p{L}\p{M}]+/u));
  lexicon.spelling.forEach((spelling, id) => {
    if (spelling.length < NICKNAME_MIN_CHARACTERS || !isName(lexicon, id)) return;
    const word = spelling.toLowerCase();
    if (names.some((name) => name.startsWith(word))) lexicon.stop[id] = true;
  });
}
