/**
 * The patterns and words of a language, read from `languages/<code>.txt`: sections of sentence patterns, one a line,
 * and of words, between commas. `{food}` stands for a word of the section `food`; what stands in brackets in the
 * pattern of a fact is its answer. A section that is named for a half (`town tuning`) is used in that half alone.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Half } from '../halves.ts';

export const LANGUAGES = ['en', 'de', 'fr', 'ru', 'zh', 'ja', 'ko', 'ar'] as const;
export type LanguageCode = (typeof LANGUAGES)[number];

/** The sections of patterns. */
const PATTERNS = [
  'header',
  'greetings',
  'reactions',
  'fillers',
  'leads',
  'questions',
  'talk',
  'distractors',
  'lookalikes',
  'facts',
];

export type Language = Readonly<{
  code: LanguageCode;
  /** Between two sentences. */
  space: string;
  /** The patterns or words of a section, of the half if it is named for halves. */
  section(name: string): readonly string[];
}>;

export function languageOf(code: LanguageCode, half: Half): Language {
  const text = readFileSync(join(import.meta.dirname, 'languages', `${code}.txt`), 'utf8');
  const sections = new Map<string, string[]>();
  let name = '';
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const heading = /^\[([a-zA-Z ]+)\]$/u.exec(line)?.[1];
    if (heading === undefined) sections.get(name)!.push(...itemsOf(name, line));
    else {
      name = heading;
      sections.set(name, []);
    }
  }
  return {
    code,
    space: code === 'zh' || code === 'ja' ? '' : ' ',
    section: (wanted) => found(sections, code, wanted, half),
  };
}

function itemsOf(section: string, line: string): readonly string[] {
  return PATTERNS.includes(section.split(' ')[0]!) ? [line] : line.split(',').map((word) => word.trim());
}

function found(sections: ReadonlyMap<string, readonly string[]>, code: string, name: string, half: Half) {
  const section = sections.get(`${name} ${half}`) ?? sections.get(name);
  if (section === undefined) throw new Error(`${code}.txt has no section ${name} for ${half}.`);
  return section;
}
