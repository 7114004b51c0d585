/** Passages: what is found and cited. One section is one passage, unless it is too small or too large. */
import type { Place, ReadBlock } from './read-block.ts';
import { groupsOf, type SectionGroup } from './section-groups.ts';
import { type Heading, headingPlace, sectionsOf } from './sections.ts';
import { PASSAGE_MAX_WORDS, parted, type Unit, unitsOf } from './units.ts';

/** A passage as it is read, before it is stored. */
export type PassageDraft = Place &
  Readonly<{
    /** Counts from 1, in reading order. */
    ordinal: number;
    /** "Monsters > Aboleth > Actions"; empty where no heading stands over it. */
    headingPath: string;
    text: string;
  }>;

/**
 * Returns the passages of a document in order: sections of fewer than 20 words with their neighbour, those of more than
 * 400 divided at paragraphs, where a small paragraph stays with a long one. Every word of the document is in the text
 * or the path of a passage, and none is there twice but headings and repeated headers of tables. Time and what comes
 * out are linear in what goes in.
 */
export function passagesOf(blocks: Iterable<ReadBlock>): readonly PassageDraft[] {
  const drafts: PassageDraft[] = [];
  for (const group of groupsOf(sectionsOf(blocks))) {
    const headingPath = group.path.map(({ title }) => title).join(' > ');
    for (const units of parted(unitsOrTitle(group), PASSAGE_MAX_WORDS)) {
      const text = units.map((unit) => unit.text).join('\n\n');
      drafts.push({ ordinal: drafts.length + 1, headingPath, ...units[0]!.place, text });
    }
  }
  return drafts;
}

/** Where a document ends with a heading, its title is all that there is to show. */
function unitsOrTitle(group: SectionGroup): readonly Unit[] {
  const units = [...unitsOf(group)];
  return units.length > 0 ? units : [titleOf(group.path)];
}

function titleOf(path: readonly Heading[]): Unit {
  const { title, words } = path.at(-1)!;
  return { text: title, words, place: headingPlace(path), begins: false };
}
