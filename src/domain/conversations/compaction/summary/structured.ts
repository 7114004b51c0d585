/** Tells structured text (code, tables, JSON, markup) from what people say, by its signs. */

/** Signs of which prose has few. */
const SIGNS = new Uint8Array(128);
for (const sign of '{}[]<>|=;\\_`"@^~$/+*#&') SIGNS[sign.charCodeAt(0)] = 1;
/** Above this share of signs a sentence is structured. */
const SIGNS_MAX_SHARE = 0.1;

/** Whether any sentence of a text can be structured: a quick look, which spares most texts the second. */
export function mayBeStructured(text: string): boolean {
  return /[{}[\]<>|=\t`]|::|[/\\]\w+[/\\]/u.test(text);
}

/** Whether the sentence in `start..end` is code, a row of a table, JSON, markup or a mark of a compaction. */
export function isStructured(text: string, start: number, end: number): boolean {
  const first = text[start];
  if (first === '|' || first === '{' || (first === '[' && text[end - 1] === ']') || text.startsWith('```', start))
    return true;
  let signs = 0;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code === 9) return true;
    if (code < 128) signs += SIGNS[code]!;
  }
  return signs > (end - start) * SIGNS_MAX_SHARE;
}
