/** Which entries the other strategies leave to the stubbing of artefacts. */
import type { Entry } from '../../window.ts';
import { hasArtefacts } from './artefacts.ts';
import type { WorkingWindow } from './working-window.ts';

/** Whether an entry stands for one message with its words, so that an artefact in it can become a stub. */
export function isOneMessage(entry: Entry): boolean {
  return entry.kind === 'message' || entry.kind === 'condensed';
}

/** Whether the other strategies should leave an entry to the `drop` strategy: it holds artefacts that were not looked at yet. */
export function isLeftToStub(work: WorkingWindow, index: number): boolean {
  const entry = work.entries[index]!;
  if (!work.strategies.has('drop') || work.pressure !== 'none' || index < work.stubbedUpTo) return false;
  return work.guards[index] === null && isOneMessage(entry) && hasArtefacts(entry, work.policy.artifactMinChars);
}
