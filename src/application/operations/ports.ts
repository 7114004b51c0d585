/** What looking after the machine needs of the outside. */

/** How much of everything is stored. */
export type RecordCounts = Readonly<{
  users: number;
  games: number;
  sources: number;
  threads: number;
  messages: number;
  /** Compactions that were committed, also those that were undone. */
  compactions: number;
}>;

/** Counts of what is stored. */
export interface Statistics {
  count(): Promise<RecordCounts>;
}

/** Which technology answers which port, by the port's name. */
export type AdaptersInUse = Readonly<Record<string, string>>;
