/** Text as a quotation of whole lines, so that nothing in it can be taken for more. */

/** Line breaks of any system: whatever begins a line has to bear the mark of a quotation. */
const LINE_BREAK = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/u;

/** Quoted text as lines that begin with a mark, below one that says whose words they are. */
export function quotedLines(from: string, text: string): string {
  const lines = text.split(LINE_BREAK).map((line) => `> ${line}`);
  return [`${from}:`, ...lines].join('\n');
}
