import { hasArtefacts } from '../window/artefacts.ts';
import { isOneMessage } from '../window/left-to-stub.ts';
import { bareStub, stubbed, wholeStub } from '../window/stub.ts';
import { isSmallEnough, shorten, type WorkingWindow } from '../window/working-window.ts';

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
export function stubArtefacts(work: WorkingWindow): () => void {
  return () => {
    stubOldest(work);
    if (work.pressure !== 'none') stubAnchored(work);
  };
}
