/** What contracts can run on; by itself, because a reporter cannot wait for anything while it is loaded. */

export const BACKENDS = ['memory', 'sqlite', 'embedded', 'postgres', 'redis'] as const;
export type Backend = (typeof BACKENDS)[number];
