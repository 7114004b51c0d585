/** Chooses among ranked passages what is shown, so that one long section does not take all places. */
import type { FoundPassage } from './found-passage.ts';

/** How many passages of one section are shown at most. */
const OF_SECTION_MAX = 2;

/** The first `limit` of ranked passages, without those of a section that has its share, and without repetitions. */
export function selectedPassages<P extends FoundPassage>(ranked: Iterable<P>, limit: number): readonly P[] {
  const selected: P[] = [];
  const ofSection = new Map<string, number>();
  const texts = new Set<string>();
  for (const passage of ranked) {
    if (selected.length >= limit) break;
    const section = JSON.stringify([passage.documentId, passage.headingPath]);
    const text = JSON.stringify([passage.source.id, passage.headingPath, passage.text]);
    const taken = ofSection.get(section) ?? 0;
    if (taken >= OF_SECTION_MAX || texts.has(text)) continue;
    ofSection.set(section, taken + 1);
    texts.add(text);
    selected.push(passage);
  }
  return selected;
}
