/** For sessions without a speed layer beside them. */
import type { UserTraces } from '#application/identity/sessions/user-traces.ts';

export const noTraces: Pick<UserTraces, 'remove'> = { remove: async () => {} };
