/** What a failure of Redis is to the rest of the product, and to the connection. */
import { ErrorReply } from 'redis';
import { storeErrors } from '#application/shared/store-errors.ts';
import { DomainError } from '#domain/shared/domain-error.ts';

/** Redis answers, but serves nobody for now, or is no longer the one that is written to. */
const AWAY = new Set(['LOADING', 'MASTERDOWN', 'BUSY', 'READONLY']);
/** This call cannot be done now; others can. Redis answers so before it changes anything. */
const REFUSED = new Set(['OOM', 'MISCONF', 'NOREPLICAS', 'NOAUTH', 'NOPERM', 'WRONGPASS', 'TRYAGAIN', 'CLUSTERDOWN']);

/** There was no answer in time. */
export class LateError extends Error {
  constructor() {
    super('Redis did not answer in time.');
    this.name = 'LateError';
  }
}

/** There is no connection: nothing was sent. */
export class NotConnectedError extends Error {
  constructor() {
    super('There is no connection to Redis.');
    this.name = 'NotConnectedError';
  }
}

/** The first word of an answer that is an error; undefined for any other error. */
export function replyCode(error: unknown): string | undefined {
  return error instanceof ErrorReply ? error.message.split(' ', 1)[0] : undefined;
}

/** Whether the answer says that no call will be served on this connection. */
export function saysAway(error: unknown): boolean {
  return AWAY.has(replyCode(error) ?? '');
}

/**
 * The error to throw in place of the client's: `store_unavailable` where Redis is away, full or refuses the user;
 * `outcome_unknown` where it went away under a call that `changes` something, and may have been carried out. A fault
 * of ours, such as an error in a script, stays one.
 */
export function mapFailure(error: unknown, changes: boolean): unknown {
  const code = replyCode(error);
  if (code !== undefined && !AWAY.has(code) && !REFUSED.has(code)) return error;
  const inDoubt = changes && code === undefined && !(error instanceof NotConnectedError);
  return Object.assign(inDoubt ? storeErrors.outcomeUnknown() : storeErrors.storeUnavailable(), { cause: error });
}

/** Whether a call failed because Redis is away, full or refuses it: for those who can do without. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof DomainError && error.kind === 'unavailable';
}

/** What the call answers; undefined where Redis cannot be had. */
export async function unlessAway<Reply>(reply: Promise<Reply>): Promise<Reply | undefined> {
  try {
    return await reply;
  } catch (error) {
    if (isUnavailable(error)) return undefined;
    throw error;
  }
}
