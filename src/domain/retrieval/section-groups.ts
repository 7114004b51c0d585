/** Joins sections that are too small to be found or understood alone with a neighbour. */
import { type Heading, type Section, sharedDepth } from './sections.ts';

/** A section of fewer words joins its neighbour. */
export const PASSAGE_MIN_WORDS = 20;

/** Sections that belong together, in order; mostly one. `path` is that of the section which the others joined. */
export type SectionGroup = Readonly<{ path: readonly Heading[]; sections: readonly Section[] }>;

type OpenGroup = { path: readonly Heading[]; sections: Section[]; words: number };

/** Returns the sections in order, in groups. No group is small but the only one. */
export function groupsOf(sections: readonly Section[]): readonly SectionGroup[] {
  const groups: OpenGroup[] = [];
  for (const [index, section] of sections.entries()) {
    const last = groups.at(-1);
    if (last !== undefined && belongsTo(last, section, sections[index + 1])) join(last, section);
    else groups.push({ path: section.path, sections: [section], words: section.words });
    settle(groups, sections[index + 1]);
  }
  return groups;
}

/** A small section goes to the neighbour with which it shares more of its path. */
function belongsTo(last: OpenGroup, section: Section, next: Section | undefined): boolean {
  if (isSmall(last)) return true;
  if (!isSmall(section) || next === undefined) return false;
  const [back, ahead] = [sharedDepth(endOf(last), section.path), sharedDepth(section.path, next.path)];
  // Small sections side by side, as in a glossary, make a group of their own.
  return back > ahead || (back === ahead && !isSmall(next));
}

/** A small group at the end of its chapter goes back to what stands before it there. */
function settle(groups: OpenGroup[], next: Section | undefined): void {
  const [before, last] = [groups.at(-2), groups.at(-1)!];
  if (before === undefined || !isSmall(last)) return;
  const back = sharedDepth(endOf(before), last.sections[0]!.path);
  if (next !== undefined && back <= sharedDepth(endOf(last), next.path)) return;
  groups.pop();
  for (const section of last.sections) join(before, section);
}

function endOf({ sections }: OpenGroup): readonly Heading[] {
  return sections.at(-1)!.path;
}

function isSmall({ words }: Readonly<{ words: number }>): boolean {
  return words < PASSAGE_MIN_WORDS;
}

function join(group: OpenGroup, section: Section): void {
  if (isSmall(group)) {
    const shared = group.path.slice(0, sharedDepth(group.path, section.path));
    group.path = isSmall(section) ? shared : section.path;
  }
  group.sections.push(section);
  group.words += section.words + (section.path.at(-1)?.words ?? 0);
}
