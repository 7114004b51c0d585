/** Which text may pass the boundary: databases silently alter lone surrogates and NUL, so neither comes in. */

export function isCleanText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}
