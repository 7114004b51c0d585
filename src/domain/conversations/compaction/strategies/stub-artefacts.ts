/** The `drop` strategy: replaces large artefacts in messages by stubs that link to the whole message. */
import { hasArtefacts } from '../window/artefacts.ts';
import { isOneMessage } from '../window/left-to-stub.ts';
import { bareStub, stubbed, wholeStub } from '../window/stub.ts';
import { isSmallEnough, shorten, type WorkingWindow } from '../window/working-window.ts';

/** Stubs the artefacts of one entry after the other, oldest first, until the window is small enough. */
function stubOldest(work: WorkingWindow): void {
  const minCharacters = work.policy.artifactMinChars;
  for (; work.stubbedUpTo < work.entries.length && !isSmallEnough(work); work.stubbedUpTo++) {
    const index = work.stubbedUpTo;
    const entry = work.entries[index];
    if (!entry || work.guards[index] !== null || !isOneMessage(entry)) continue;
    if (hasArtefacts(entry, minCharacters)) shorten(work, index, stubbed(entry, minCharacters));
  }
}

/**
 * Replaces the whole text of anchored messages, which cannot be folded, by one line, and then by a bare link: oldest
 * first, until the window is small enough.
 */
function stubAnchored(work: WorkingWindow): void {
  for (const stub of [wholeStub, bareStub]) {
    for (let index = 0; index < work.entries.length && !isSmallEnough(work); index++) {
      const entry = work.entries[index];
      if (entry && work.anchored[index] && work.guards[index] === null) shorten(work, index, stub(entry));
    }
  }
}

/** Returns the strategy's round. Each call continues where the last one stopped. */
export function stubArtefacts(work: WorkingWindow): () => void {
  return () => {
    stubOldest(work);
    if (work.pressure !== 'none') stubAnchored(work);
  };
}
