/** What a change requires of the thing that it changes: that it is still as the caller last saw it. */
import { refusal } from '#domain/shared/domain-error.ts';

/**
 * Throws where the thing is no longer what the caller saw. A use case calls it inside its unit of work, after it has
 * found the thing and knows that the actor may change it, and before it changes anything.
 */
export type Precondition<Thing> = (current: Thing) => void;

export const preconditionErrors = {
  stale: refusal('stale', 'stale', 'This has changed since you read it. Read it again, then change it.'),
};
