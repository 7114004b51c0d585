/** Reads a page: what it is about, without what surrounds it, where that can be told apart. */
import { Readability } from '@mozilla/readability';
import { parseHTML } from 'linkedom';
import type { ReadBlock } from '#domain/retrieval/read-block.ts';
import { heading } from '../shared/blocks.ts';
import { tooLarge, unreadable } from '../shared/refusals.ts';
import { type DomNode, htmlBlocks } from './html-blocks.ts';

/** What is used of the parser's document, whose types are those of a browser. */
type Page = DomNode & { querySelector(name: string): DomNode | null };

const ELEMENTS_MAX = 200_000;
const SIGNS_MAX = 2 * ELEMENTS_MAX + 10_000;
/** Parsing takes time with the square of the depth, and so does finding what a page is about. */
const DEPTH_MAX = 500;
const ARTICLE_DEPTH_MAX = 100;
const ARTICLE_ELEMENTS_MAX = 20_000;
/** With less of the text than this an article is one section of several; with more there is nothing around it. */
const ARTICLE_MIN_SHARE = 0.5;
const ARTICLE_MAX_SHARE = 0.95;

/** Elements without an end, or with one that nobody has to write: they cannot be nested by themselves. */
const UNCOUNTED = new Set(
  (
    'p li dt dd tr td th thead tbody tfoot option colgroup rp rt ' +
    'area base br col embed hr img input link meta source track wbr'
  ).split(' '),
);

export function readHtml(text: string): readonly ReadBlock[] {
  const { elements, depth } = measured(text);
  const { title, body } = parsedPage(text);
  const blocks = htmlBlocks(body);
  if (elements > ARTICLE_ELEMENTS_MAX || depth > ARTICLE_DEPTH_MAX) return titled(title, blocks);
  const article = articleOf(text);
  const share = article === undefined ? 0 : sizeOf(article.blocks) / sizeOf(blocks);
  if (article === undefined || share < ARTICLE_MIN_SHARE || share > ARTICLE_MAX_SHARE) return titled(title, blocks);
  return titled(article.title, article.blocks);
}

/** Reads XHTML in which everything belongs to the text, as the chapters of books. */
export function readHtmlChapter(text: string): readonly ReadBlock[] {
  const closed = text.replace(/<([a-zA-Z][a-zA-Z0-9]*)((?:\s[^<>]*)?)\/>/g, closedElement);
  measured(closed);
  return htmlBlocks(parsedPage(closed).body);
}

/** HTML knows no empty elements but its own, and would put the rest of the chapter into a title that is one. */
function closedElement(whole: string, name: string, attributes: string): string {
  return UNCOUNTED.has(name.toLowerCase()) ? whole : `<${name}${attributes}></${name}>`;
}

function measured(text: string): Readonly<{ elements: number; depth: number }> {
  let [elements, open, depth] = [0, 0, 0];
  for (const [, slash, name = '', end] of text.matchAll(/<(\/?)([a-zA-Z][a-zA-Z0-9]*)(?:[^<>]*?)(\/?)>/g)) {
    if (slash === '') elements++;
    if (end === '/' || UNCOUNTED.has(name.toLowerCase())) continue;
    open = Math.max(0, open + (slash === '' ? 1 : -1));
    depth = Math.max(depth, open);
  }
  // Each end of an element, and each sign that is none, costs the parser as much.
  if (elements > ELEMENTS_MAX || text.split('<', SIGNS_MAX + 1).length > SIGNS_MAX)
    throw tooLarge('elements', ELEMENTS_MAX);
  if (depth > DEPTH_MAX) throw unreadable('too_deep');
  return { elements, depth };
}

function parsedPage(text: string): Readonly<{ title: string; body: DomNode }> {
  const document = documentOf(text);
  const title = (document.querySelector('title')?.textContent ?? '').replace(/\s+/gu, ' ').trim();
  return { title, body: document.querySelector('body') ?? document };
}

/** What has no root of its own, or more than one, is given one. */
function documentOf(text: string): Page {
  const isWhole = /<html[\s>]/i.test(text);
  return (parseHTML(isWhole ? text : `<html><body>${text}</body></html>`) as unknown as { document: Page }).document;
}

function articleOf(text: string): Readonly<{ title: string; blocks: readonly ReadBlock[] }> | undefined {
  const article = new Readability(documentOf(text), { charThreshold: 200 }).parse();
  if (!article?.content) return undefined;
  return { title: article.title ?? '', blocks: htmlBlocks(parsedPage(article.content).body) };
}

/** The page's title stands over it, unless it begins with a heading of the same rank. */
function titled(title: string, blocks: readonly ReadBlock[]): readonly ReadBlock[] {
  if (title === '' || blocks.some((block) => block.kind === 'heading' && block.level === 1)) return blocks;
  return [heading(1, title), ...blocks];
}

function sizeOf(blocks: readonly ReadBlock[]): number {
  return blocks.reduce((sum, block) => {
    if (block.kind !== 'table') return sum + block.text.length;
    return sum + [block.header, ...block.rows].reduce((length, row) => length + row.join('').length, 0);
  }, 0);
}
