/** Which text may pass the boundary: databases silently alter lone surrogates and NUL, so neither comes in. */

export function isCleanText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/** Whether all text in a value of JSON, keys too, is clean. */
export function isCleanValue(value: unknown): boolean {
  if (typeof value === 'string') return isCleanText(value);
  if (Array.isArray(value)) return value.every(isCleanValue);
  if (value === null || typeof value !== 'object') return true;
  return Object.entries(value).every(([key, inner]) => isCleanText(key) && isCleanValue(inner));
}
