/** Entity tags: which version of a thing was shown, and whether a change is of that version. */
import { hash } from 'node:crypto';
import { type Precondition, preconditionErrors } from '#application/shared/precondition.ts';
import { httpErrors } from '../declaration/http-errors.ts';

/** The strong tag of a body. */
export function etagOf(bodyText: string): string {
  return `"${hash('sha256', bodyText, 'base64url').slice(0, 22)}"`;
}

/**
 * Requires that a thing, in the form of `toJson`, is what `If-Match` names. Throws 428 `precondition_required` without
 * the header; 412 `stale` where the thing is another by now.
 */
export function matching<Thing>(ifMatch: string | undefined, toJson: (thing: Thing) => unknown): Precondition<Thing> {
  return (current) => {
    if (ifMatch === undefined) throw httpErrors.preconditionRequired();
    if (ifMatch.trim() !== '*' && !tagsOf(ifMatch).includes(etagOf(JSON.stringify(toJson(current))))) {
      throw preconditionErrors.stale();
    }
  };
}

/** The strong tags of a list; a weak one (`W/"…"`) is equal to none. */
function tagsOf(ifMatch: string): readonly string[] {
  return ifMatch.split(',').map((tag) => tag.trim());
}
