/** The peer: FTS5 as it comes, over the same passages, with nobody's rights. */
import { DatabaseSync } from 'node:sqlite';
import type { Section } from './srd.ts';

export function bareFts5(sections: readonly Section[]): (question: string, limit: number) => readonly Section[] {
  const database = new DatabaseSync(':memory:');
  database.exec("CREATE VIRTUAL TABLE passages USING fts5 (heading, body, tokenize = 'porter unicode61')");
  const insert = database.prepare('INSERT INTO passages (rowid, heading, body) VALUES (?, ?, ?)');
  for (const [place, { headingPath, text }] of sections.entries()) insert.run(place, headingPath, text);
  const select = database.prepare(
    'SELECT rowid FROM passages WHERE passages MATCH ? ORDER BY bm25(passages, 2.0, 1.0) LIMIT ?',
  );
  return (question, limit) => {
    const words = question.match(/[\p{L}\p{N}]+/gu) ?? [];
    const rows = select.all(words.map((word) => `"${word}"`).join(' OR '), limit);
    return rows.map(({ rowid }) => sections[Number(rowid)] as Section);
  };
}
