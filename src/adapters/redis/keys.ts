/** The names of keys in Redis, as docs/redis.md lists them; what is personal or secret is in them as a digest alone. */
import { hash } from 'node:crypto';
import type { RateLimitArea } from '#application/shared/rate-limiter.ts';
import type { ThreadId, UserId } from '#domain/shared/ids.ts';

/** SHA-256 in hexadecimal. */
function digestOf(text: string): string {
  return hash('sha256', text);
}

/** How all of them begin. */
export const prefixes = [
  'sess:',
  'idx:',
  'delay:',
  'cache:',
  'cachegen:',
  'cacheinv:',
  'ratelimit:',
  'ctx:',
  'ctxmeta:',
  'ctxevents:',
  'accesschanges:',
  'lease:',
] as const;

export const keys = {
  session: (digest: string) => `sess:${digest}`,
  userSessions: (userId: UserId) => `idx:user_sessions:${userId}`,
  sessions: 'idx:sessions',
  /** An address and an account never share one. */
  delay: (of: 'account' | 'address', name: string) => `delay:${digestOf(`${of}:${name}`)}`,
  cached: (area: string, key: string) => `cache:${area}:${key}`,
  generation: (area: string) => `cachegen:${area}`,
  generations: 'idx:cachegen',
  /** Those of one key, or of the whole area. */
  invalidations: (area: string, key?: string) => `cacheinv:${area}${key === undefined ? '' : `:${key}`}`,
  rateLimit: (area: RateLimitArea, key: string) => `ratelimit:${area}:${digestOf(key)}`,
  context: (thread: ThreadId) => [`ctx:${thread}`, `ctxmeta:${thread}`] as const,
  contextsOf: (owner: UserId) => `idx:user_contexts:${owner}`,
  lease: (name: string) => `lease:${name}`,
  events: (topic: string) => `ctxevents:${topic}`,
  accessChanges: (topic: string) => `accesschanges:${topic}`,
} as const;
