/** The `dedupe` strategy: folds equal notices into one, and replaces repeated leading blocks by references. */
import type { WorkingWindow } from '../window/working-window.ts';
import { foldNotices } from './notices.ts';
import { stripRepeatedHeads } from './repeated-heads.ts';

/**
 * Returns the strategy's round. The first call does everything, oldest first and up to the goal; later calls do
 * nothing.
 */
export function dedupe(work: WorkingWindow): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    foldNotices(work);
    stripRepeatedHeads(work);
  };
}
