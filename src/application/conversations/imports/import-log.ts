/** What the operator is told of imports, as a port. */
import type { ThreadId } from '#domain/shared/ids.ts';

/** `refused`: for what the file holds, or who sends it. `failed`: for anything else, a broken connection among it. */
export const IMPORT_OUTCOMES = ['imported', 'refused', 'failed'] as const;
export type ImportOutcome = (typeof IMPORT_OUTCOMES)[number];

export type EndedImport = Readonly<{
  threadId: ThreadId;
  outcome: ImportOutcome;
  ms: number;
  /** How many messages were read, and how many compactions their window needed. */
  messages: number;
  compactions: number;
}>;

export interface ImportLog {
  ended(ended: EndedImport): void;
}
