/** Counts of what is stored in memory. */
import type { RecordCounts, Statistics } from '#application/operations/ports.ts';
import type { Changes, MemoryTable, MemoryTables } from '../shared/tables.ts';

export class MemoryStatistics implements Statistics {
  readonly #tables: MemoryTables;
  readonly #changes: Changes;

  constructor(deps: Readonly<{ tables: MemoryTables; changes: Changes }>) {
    this.#tables = deps.tables;
    this.#changes = deps.changes;
  }

  async count(): Promise<RecordCounts> {
    const { users, games, sources, threads, transcripts } = this.#tables;
    const all = [...this.#changes.all(threads)];
    const compactions = all.map(({ id }) => transcripts.get(id)?.compactions ?? 0);
    return {
      users: this.#countOf(users),
      games: this.#countOf(games),
      sources: this.#countOf(sources),
      threads: all.length,
      messages: all.reduce((sum, { lastSeq }) => sum + lastSeq, 0),
      compactions: compactions.reduce((sum, count) => sum + count, 0),
    };
  }

  #countOf(table: MemoryTable<unknown>): number {
    return [...this.#changes.all(table)].length;
  }
}
