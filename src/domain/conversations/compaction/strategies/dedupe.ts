/** The dedupe strategy: notices that say the same become one with a count; a block repeated at the head is kept once. */

import type { WorkingWindow } from '../window/working-window.ts';
import { foldNotices } from './notices.ts';
import { stripRepeatedHeads } from './repeated-heads.ts';

/** The strategy: the first call does all there is to do, oldest first and no more than the goal asks. */
export function dedupe(work: WorkingWindow): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    foldNotices(work);
    stripRepeatedHeads(work);
  };
}
