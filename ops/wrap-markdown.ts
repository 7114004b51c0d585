/** Wraps paragraphs and list items of Markdown at one width. */

export const WIDTH = 120;

/** A word that would make a line the start of a list, heading, quotation or table. */
const OPENS_BLOCK = /^([-+*>|#]|#+|\d+[.)])$/;
const LIST_ITEM = /^(\s*)([-*+]|\d+\.)\s+/;
const STANDS_ALONE = /^\s*(#|\||<|>|\[[^\]]+\]:|-{3,}$|$)/;
const FENCE = /^\s*(```|~~~)/;

type Block = { first: string; rest: string; text: string };

/** Leaves tables, code, headings and quotations as they are. */
export function wrapMarkdown(markdown: string, width = WIDTH): string {
  const lines: string[] = [];
  let open: Block | null = null;
  let inCode = false;
  const close = () => {
    if (open !== null) lines.push(...wrapBlock(open, width));
    open = null;
  };
  for (const line of markdown.split('\n')) {
    const isFence = FENCE.test(line);
    if (isFence) inCode = !inCode;
    if (inCode || isFence || STANDS_ALONE.test(line)) {
      close();
      lines.push(line);
      continue;
    }
    const item = LIST_ITEM.exec(line)?.[0];
    if (item !== undefined || open === null) {
      close();
      open = blockOf(line, item);
    } else open.text += ` ${line.trim()}`;
    if (/( {2}|\\)$/.test(line)) close();
  }
  close();
  return lines.join('\n');
}

function blockOf(line: string, item: string | undefined): Block {
  const first = item ?? /^\s*/.exec(line)![0];
  return { first, rest: ' '.repeat(first.length), text: line.slice(first.length).trim() };
}

function wrapBlock({ first, rest, text }: Block, width: number): string[] {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of wordsOf(text)) {
    if (!isEmpty && line.length + 1 + word.length > width) {
      lines.push(line);
      [line, isEmpty] = [rest, true];
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line];
}

/** Code in backticks is one word, and a word that would open a block is joined to the one before it. */
function wordsOf(text: string): string[] {
  const words: string[] = [];
  for (const word of text.match(/(?:`[^`]*`|[^\s`]|`)+/g) ?? []) {
    if (words.length > 0 && OPENS_BLOCK.test(word)) words[words.length - 1] += ` ${word}`;
    else words.push(word);
  }
  return words;
}
