/** Building blocks of what requests may hold: text, identifiers, pages. */
import { z } from 'zod';
import type { Refusal } from '#domain/shared/domain-error.ts';
import type { IdKind, IdOf } from '#domain/shared/ids.ts';
import { ID_PREFIXES } from '#domain/shared/ids.ts';
import { isCleanValue } from './clean-text.ts';
import { httpErrors } from './http-errors.ts';
import type { PathParameter } from './route.ts';

/** Text of `min` to `max` UTF-16 code units. */
export function text(min: number, max: number) {
  return z.string().min(min).max(max);
}

function isId<Kind extends IdKind>(kind: Kind) {
  const form = new RegExp(`^${ID_PREFIXES[kind]}_[0-9a-z-]{1,64}$`);
  return (value: unknown): value is IdOf<Kind> => typeof value === 'string' && form.test(value);
}

/** An id in a body: what has not its form is invalid. */
export function bodyId<Kind extends IdKind>(kind: Kind) {
  const is = isId(kind);
  return z
    .string()
    .refine(is, `must be the id of a ${kind}`)
    .transform((value) => value as IdOf<Kind>);
}

export function pathId<Kind extends IdKind>(kind: Kind, missing: Refusal): PathParameter<IdOf<Kind>> {
  return {
    schema: z.custom<IdOf<Kind>>(isId(kind)),
    missing,
    description: `Id of a ${kind}.`,
  };
}

/** A whole number that is written in a path or query, without sign or leading zeros. */
export function digits(max: number) {
  return z
    .string()
    .regex(/^(0|[1-9]\d{0,15})$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value <= max, `must be at most ${max}`)
    .meta({ type: 'integer', minimum: 0, maximum: max });
}

export const limit = digits(200)
  .refine((value) => value >= 1, 'must be at least 1')
  .optional()
  .transform((value) => value ?? 50)
  .meta({ type: 'integer', minimum: 1, maximum: 200, default: 50 });

/** What a call lists, or where it creates. */
export const workspaceId = bodyId('workspace')
  .optional()
  .describe('A workspace of mine: the one of the token, else my first, unless told.');

export const cursor = text(1, 400).optional().describe('`next_cursor` of the page before.');

/** A cursor as clients see it: opaque text. */
export function encodeCursor(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** What `encodeCursor` was given, if it has the form of `schema`. Throws 400 `malformed_cursor`. */
export function decodeCursor<T>(text: string | undefined, schema: z.ZodType<T>): T | undefined {
  if (text === undefined) return undefined;
  const parsed = schema.safeParse(decoded(text));
  if (!parsed.success) throw httpErrors.malformedCursor();
  return parsed.data;
}

/** Undefined for what is no JSON, or holds text that no database would have given. */
function decoded(text: string): unknown {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return isCleanValue(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
