/**
 * What may be cached, and its form as text: JSON in which dates stay dates, so that a cache outside the process can
 * hold it.
 */

/**
 * What comes back from text as it was. A `Set`, a class or an absent field is none of it: such a value does not
 * compile.
 */
export type CacheValue =
  | null
  | boolean
  | number
  | string
  | Date
  | readonly CacheValue[]
  | Readonly<{ [name: string]: CacheValue }>;

/** Begins the text of a date, and once more every text that begins with it. */
const MARK = '@';

export function encodeValue(value: CacheValue): string {
  return JSON.stringify(marked(value));
}

/** The value that `encodeValue` was given. */
export function decodeValue(text: string): CacheValue {
  return unmarkedWithin(JSON.parse(text));
}

/** In place: a reviver of `JSON.parse` would take several times as long as the parsing. */
function unmarkedWithin(value: CacheValue): CacheValue {
  if (typeof value === 'string') return unmarked(value);
  if (value === null || typeof value !== 'object') return value;
  const parts = value as Record<string, CacheValue>;
  for (const name of Object.keys(parts)) parts[name] = unmarkedWithin(parts[name] as CacheValue);
  return value;
}

function marked(value: CacheValue): CacheValue {
  if (typeof value === 'string') return value.startsWith(MARK) ? MARK + value : value;
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Date) return MARK + value.toISOString();
  if (Array.isArray(value)) return value.map(marked);
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, marked(field)]));
}

function unmarked(text: string): string | Date {
  if (!text.startsWith(MARK)) return text;
  const rest = text.slice(MARK.length);
  return rest.startsWith(MARK) ? rest : new Date(rest);
}
