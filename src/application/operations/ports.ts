/** The ports of the operations context: what an operator can read about the server. */

/** The number of records of each kind. */
export type RecordCounts = Readonly<{
  users: number;
  games: number;
  sources: number;
  threads: number;
  messages: number;
  /** Committed compactions, including those that were undone. */
  compactions: number;
}>;

export interface Statistics {
  count(): Promise<RecordCounts>;
}

/** The adapter in use for each port, by the port's name. */
export type AdaptersInUse = Readonly<Record<string, string>>;
