/** Reads Markdown: headings make the path, tables stay tables, and what is markup is not shown. */
import { Lexer, type Token, type Tokens } from 'marked';
import type { ReadBlock } from '#domain/retrieval/read-block.ts';
import { heading, paragraph, table } from '../shared/blocks.ts';
import { inlineText, textWithoutTags } from './markdown-inline.ts';
import { readText } from './text.ts';

/** The parser would need a stack as deep as a longer line: such a text is no Markdown that somebody wrote. */
const LINE_MAX_CHARACTERS = 100_000;
/** Lists and quotations that are nested more deeply take quadratic time. */
const INDENT_MAX_CHARACTERS = 40;
const FRONT_MATTER = /^---[ \t]*\n(?=[\w-]+[ \t]*:)(?:(?!---|\.\.\.).*\n)*(?:---|\.\.\.)[ \t]*(?:\n|$)/;

/** What the parser cannot take, because it is nested without end, is read as text. */
export function readMarkdown(text: string): readonly ReadBlock[] {
  const content = text.replace(FRONT_MATTER, '');
  const lines = content.split('\n');
  if (lines.some((line) => line.length > LINE_MAX_CHARACTERS)) return readText(content);
  const lexer = new Lexer();
  try {
    return blocksOf(lexer.blockTokens(lines.map(shallow).join('\n')), lexer);
  } catch (error) {
    if (error instanceof RangeError) return readText(content);
    throw error;
  }
}

function shallow(line: string): string {
  const [markup = ''] = /^(?:[ \t]|[>*+-](?=[ \t>]))*/.exec(line) ?? [];
  if (markup.length <= INDENT_MAX_CHARACTERS) return line;
  return markup.slice(0, INDENT_MAX_CHARACTERS) + line.slice(markup.length);
}

function blocksOf(tokens: readonly Token[], lexer: Lexer): readonly ReadBlock[] {
  return (tokens as Tokens.Generic[]).flatMap((token) => blocksOfToken(token, lexer));
}

/** Rules, and the definitions of links, are no text. */
function blocksOfToken(token: Tokens.Generic, lexer: Lexer): readonly ReadBlock[] {
  switch (token.type) {
    case 'heading':
      return [heading(token.depth, inlineText(token.text, lexer))];
    case 'table':
      return [tableOf(token as Tokens.Table, lexer)];
    case 'list':
      return [paragraph(listText(token as Tokens.List, lexer))];
    case 'blockquote':
      return blocksOf(token.tokens ?? [], lexer).map(quoted);
    case 'code':
      return [paragraph(token.text)];
    case 'html':
      return [paragraph(textWithoutTags(token.raw))];
    case 'paragraph':
    case 'text':
      return [paragraph(inlineText(token.text, lexer))];
    default:
      return [];
  }
}

/** The title of a box ends with the box: what comes after that stands under the heading from before it. */
function quoted(block: ReadBlock): ReadBlock {
  return block.kind === 'heading' ? paragraph(block.text) : block;
}

function tableOf({ header, rows }: Tokens.Table, lexer: Lexer): ReadBlock {
  const texts = (cells: readonly Tokens.TableCell[]) => cells.map((cell) => inlineText(cell.text, lexer));
  return table(texts(header), rows.map(texts));
}

/** A list is one paragraph, with a line for each item. */
function listText({ items, ordered, start }: Tokens.List, lexer: Lexer): string {
  return items
    .map((item, index) => `${ordered ? `${Number(start) + index}.` : '-'} ${itemText(item, lexer)}`)
    .join('\n');
}

function itemText({ tokens }: Tokens.ListItem, lexer: Lexer): string {
  return [...blocksOf(tokens, lexer)]
    .map(textOf)
    .filter((text) => text !== '')
    .join('\n');
}

function textOf(block: ReadBlock): string {
  if (block.kind !== 'table') return block.text;
  return [block.header, ...block.rows].map((row) => row.join(' | ')).join('\n');
}
