/**
 * What the audit log records of threads: never a title or a prompt, because a title may be what somebody said, and the
 * entry stays when the thread is gone.
 */
import type { Thread } from './thread.ts';

export function threadFacts({ ownerId, gameId, archived, lastSeq }: Thread) {
  return { owner_id: ownerId, game_id: gameId, archived, message_count: lastSeq };
}

/** What a change made different. Of texts they tell only whether they changed. */
export function changedThreadFacts(before: Thread, after: Thread) {
  const unchanged = { title_changed: false, system_prompt_changed: false };
  const changed = {
    title_changed: before.title !== after.title,
    system_prompt_changed: before.systemPrompt !== after.systemPrompt,
  };
  return { before: { archived: before.archived, ...unchanged }, after: { archived: after.archived, ...changed } };
}
