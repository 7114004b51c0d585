/** The names of keys in Redis, as docs/redis.md lists them; what is personal or secret is in them as a digest alone. */
import { createHash } from 'node:crypto';
import type { RateLimitArea } from '#application/shared/rate-limiter.ts';

/** SHA-256 in hexadecimal. */
function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export const keys = {
  rateLimit: (area: RateLimitArea, key: string) => `ratelimit:${area}:${digestOf(key)}`,
} as const;
