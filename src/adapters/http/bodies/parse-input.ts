/** Checks a value that came from outside against its schema. */
import type { z } from 'zod';
import { httpErrors } from '../declaration/http-errors.ts';

/** A refusal names at most so many faults, and of each at most so much: it stays small, whatever was sent. */
const MAX_FAULTS = 20;
const MAX_FAULT_CHARS = 200;

/** Throws 400 `invalid_input`, which names what is wrong, and where. */
export function parseInput<T>(schema: z.ZodType<T>, value: unknown, where: 'query' | 'body' | 'frame' | 'line'): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.slice(0, MAX_FAULTS).map((issue) => ({
    path: [where, ...issue.path].join('.').slice(0, MAX_FAULT_CHARS),
    message: issue.message.slice(0, MAX_FAULT_CHARS),
  }));
  throw httpErrors.invalidInput(
    { errors },
    errors
      .map(({ path, message }) => `${path}: ${message}`)
      .join('; ')
      .slice(0, 500),
  );
}
