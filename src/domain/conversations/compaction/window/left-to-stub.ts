/** Decides which entries the other strategies leave to the `drop` strategy, which stubs artefacts. */
import type { Entry } from '../../window.ts';
import { hasArtefacts } from './artefacts.ts';
import type { WorkingWindow } from './working-window.ts';

/** Whether an entry still has the words of a single message, so that an artefact in it can be stubbed. */
export function isOneMessage(entry: Entry): boolean {
  return entry.kind === 'message' || entry.kind === 'condensed';
}

/**
 * Whether the other strategies should leave an entry alone for now, because it contains artefacts that `drop` has not
 * reached yet. Under pressure nothing is left alone.
 */
export function isLeftToStub(work: WorkingWindow, index: number): boolean {
  const entry = work.entries[index]!;
  if (!work.strategies.has('drop') || work.pressure !== 'none' || index < work.stubbedUpTo) return false;
  return work.guards[index] === null && isOneMessage(entry) && hasArtefacts(entry, work.policy.artifactMinChars);
}
