/** The drop strategy: large artefacts inside messages become one line each, with a link to the whole. */
import type { Entry } from '../window.ts';
import { hasArtefacts } from './artefacts.ts';
import { bareStub, stubbed, wholeStub } from './stub.ts';
import { isSmallEnough, shorten, type WorkingWindow } from './working-window.ts';

/** Stubs one entry after the other, oldest first, until the window is small enough. */
function stubOldest(work: WorkingWindow): void {
  const minCharacters = work.policy.artifactMinChars;
  for (; work.stubbedUpTo < work.entries.length && !isSmallEnough(work); work.stubbedUpTo++) {
    const index = work.stubbedUpTo;
    const entry = work.entries[index];
    if (!entry || work.guards[index] !== null || !isOneMessage(entry)) continue;
    if (hasArtefacts(entry, minCharacters)) shorten(work, index, stubbed(entry, minCharacters));
  }
}

function isOneMessage(entry: Entry): boolean {
  return entry.kind === 'message' || entry.kind === 'condensed';
}

/** Anchored messages cannot be folded away, so what they say goes instead, oldest first. */
function stubAnchored(work: WorkingWindow): void {
  for (const stub of [wholeStub, bareStub]) {
    for (let index = 0; index < work.entries.length && !isSmallEnough(work); index++) {
      const entry = work.entries[index];
      if (entry && work.anchored[index] && work.guards[index] === null) shorten(work, index, stub(entry));
    }
  }
}

/** The strategy: each call is one round, and goes on where the last one ended. */
export function drop(work: WorkingWindow): () => void {
  return () => {
    stubOldest(work);
    if (work.pressure !== 'none') stubAnchored(work);
  };
}

/** Whether the other strategies should leave an entry to this one: it holds artefacts that were not looked at yet. */
export function isLeftToDrop(work: WorkingWindow, index: number): boolean {
  const entry = work.entries[index]!;
  if (!work.strategies.has('drop') || work.pressure !== 'none' || index < work.stubbedUpTo) return false;
  return work.guards[index] === null && isOneMessage(entry) && hasArtefacts(entry, work.policy.artifactMinChars);
}
