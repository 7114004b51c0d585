/**
 * What users may be called. A username must not look like another one: it has no invisible characters, and letters of
 * one script (the "highly restrictive" profile of UTS #39, without its mixture of Latin with others). Whole words of
 * another script that look alike are not found out.
 */
import { identityErrors } from './errors.ts';

/**
 * The recommended and limited-use scripts of UAX #31, the most common first; what no living language is written in is
 * left out.
 */
const SCRIPTS = `Latin Adlam Arabic Armenian Balinese Bamum Batak Bengali Bopomofo Canadian_Aboriginal Chakma Cham
  Cherokee Cyrillic Devanagari Ethiopic Georgian Greek Gujarati Gurmukhi Han Hangul Hebrew Hiragana Javanese Kannada
  Katakana Kayah_Li Khmer Lao Lepcha Limbu Lisu Malayalam Mandaic Meetei_Mayek Mongolian Myanmar New_Tai_Lue Newa Nko
  Ol_Chiki Oriya Osage Saurashtra Sinhala Sundanese Syloti_Nagri Syriac Tai_Le Tai_Tham Tai_Viet Tamil Telugu Thaana
  Thai Tibetan Tifinagh Vai Wancho Yi`.split(/\s+/);
/** How Japanese, Chinese and Korean are written. */
const MIXTURES = ['Han Hiragana Katakana', 'Han Bopomofo', 'Han Hangul'];
const WRITINGS = [...SCRIPTS, ...MIXTURES];
const patterns = new Map<string, RegExp>();

/** Made at its first use: all of them together take 20 ms and 2 MB, which a start would pay for nothing. */
function patternOf(writing: string): RegExp {
  const known = patterns.get(writing);
  if (known !== undefined) return known;
  const letters = ['Common', 'Inherited', ...writing.split(' ')].map((script) => `\\p{Script_Extensions=${script}}`);
  const pattern = new RegExp(`^[${letters.join('')}]*$`, 'u');
  patterns.set(writing, pattern);
  return pattern;
}

const UNFIT_FOR_USERNAMES = /[@\s\p{C}\p{Default_Ignorable_Code_Point}]/u;
const CONTROL_OR_FORMAT = /[\p{C}\p{Zl}\p{Zp}]/u;
const DISPLAY_NAME_MAX_CHARACTERS = 100;
/** (Non-)joiners where they are part of how a word or an emoji is written. */
const JOINERS = /(?<=[\p{L}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}])(?<![\p{scx=Latin}])[\u200c\u200d]/gu;
const JOINER_OR_UNFIT = new RegExp(`(${JOINERS.source})|${CONTROL_OR_FORMAT.source}`, 'gu');
const VISIBLE = /(?!\p{Default_Ignorable_Code_Point})[\p{L}\p{N}\p{P}\p{S}]/u;

/** Throws 400 `username_invalid`. */
export function checkUsername(username: string): void {
  // As two usernames are compared: a full-width "＠" is an "@".
  const compared = username.normalize('NFKC');
  const unfit = UNFIT_FOR_USERNAMES.test(username) || UNFIT_FOR_USERNAMES.test(compared);
  if (unfit || !WRITINGS.some((writing) => patternOf(writing).test(compared))) throw identityErrors.usernameInvalid();
}

/** Throws 400 `display_name_invalid`. */
export function checkDisplayName(displayName: string): void {
  const invisible = CONTROL_OR_FORMAT.test(displayName.replace(JOINERS, ''));
  if (invisible || !VISIBLE.test(displayName)) throw identityErrors.displayNameInvalid();
}

/**
 * What `checkDisplayName` accepts of a name that nobody typed here, in one line, at most 100 characters; null where
 * nothing of it can be seen.
 */
export function displayNameFrom(name: string): string | null {
  const clean = name.replace(JOINER_OR_UNFIT, (_, joiner?: string) => joiner ?? ' ');
  const characters = [...clean.replaceAll(/\s+/g, ' ').trim()];
  const cut = characters.slice(0, DISPLAY_NAME_MAX_CHARACTERS).join('').trim();
  return VISIBLE.test(cut) ? cut : null;
}

type Names = Readonly<{ username: string | null; displayName: string }>;

/** Checks what is new: a user goes on under names that an earlier version took. Throws as the two above. */
export function checkNames(names: Names, before?: Names): void {
  if (names.username !== null && names.username !== before?.username) checkUsername(names.username);
  if (names.displayName !== before?.displayName) checkDisplayName(names.displayName);
}
