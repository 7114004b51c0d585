/** Windows as text, for people to read. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { countedText, type Window } from '../../src/domain/conversations/window.ts';

export function writeWindow(folder: string, title: string, window: Window): void {
  mkdirSync(folder, { recursive: true });
  const entries = window.entries.map((entry) => {
    const seqs = entry.fromSeq === entry.toSeq ? `#${entry.fromSeq}` : `#${entry.fromSeq}–${entry.toSeq}`;
    return `── ${seqs} ${entry.kind}, ${entry.name ?? entry.role}\n${countedText(entry)}`;
  });
  writeFileSync(
    join(folder, `${title.replace(/[^\p{L}\p{N}-]+/gu, '-').slice(0, 80)}.txt`),
    `${entries.join('\n\n')}\n`,
  );
}
