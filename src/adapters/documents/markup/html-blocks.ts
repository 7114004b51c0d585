/** Makes blocks of the elements of HTML. */
import type { ReadBlock } from '#domain/retrieval/read-block.ts';
import { heading, paragraph, table } from '../shared/blocks.ts';

/** What is used of a node of the DOM. */
export type DomNode = Readonly<{
  nodeType: number;
  localName?: string;
  textContent: string | null;
  childNodes: Iterable<DomNode>;
  getAttribute?(name: string): string | null;
}>;

const ELEMENT = 1;
const TEXT = 3;

const SKIPPED = new Set(
  'script style noscript template nav button select option svg canvas iframe object audio video head'.split(' '),
);
const INLINE = new Set(
  (
    'a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark q ruby rb rt rp s samp small ' +
    'span strike strong sub sup time tt u var wbr input'
  ).split(' '),
);
const LISTS = new Set(['ul', 'ol', 'menu', 'dir']);

export function htmlBlocks(root: DomNode): readonly ReadBlock[] {
  const walk = new Walk();
  walk.children(root);
  return walk.finished();
}

/** Gathers text up to the next element that begins a new line. */
class Walk {
  readonly #blocks: ReadBlock[] = [];
  #text: string[] = [];

  children(node: DomNode): void {
    for (const child of node.childNodes) this.#node(child);
  }

  finished(): readonly ReadBlock[] {
    this.#flush();
    return this.#blocks;
  }

  #node(node: DomNode): void {
    if (node.nodeType === TEXT) this.#text.push((node.textContent ?? '').replace(/\s+/gu, ' '));
    if (node.nodeType !== ELEMENT || isHidden(node)) return;
    const name = nameOf(node);
    if (name === 'br') this.#text.push('\n');
    else if (INLINE.has(name)) this.children(node);
    else this.#block(name, node);
  }

  #block(name: string, node: DomNode): void {
    this.#flush();
    if (/^h[1-6]$/.test(name)) this.#put(heading(Number(name[1]), lineOf(node)));
    else if (name === 'pre') this.#put(paragraph((node.textContent ?? '').trim()));
    else if (name === 'table' && !isLayout(node)) this.#table(node);
    else if (LISTS.has(name)) this.#put(paragraph(listLines(node, name === 'ol').join('\n')));
    else this.children(node);
    this.#flush();
  }

  #table(node: DomNode): void {
    const caption = elementsIn(node).find((child) => nameOf(child) === 'caption');
    if (caption !== undefined) this.#put(paragraph(lineOf(caption)));
    this.#put(tableOf(node));
  }

  #put(block: ReadBlock): void {
    this.#blocks.push(block);
  }

  #flush(): void {
    const text = this.#text
      .join('')
      .replace(/ *\n */g, '\n')
      .replace(/ {2,}/g, ' ')
      .trim();
    if (text !== '') this.#put(paragraph(text));
    this.#text = [];
  }
}

function nameOf(node: DomNode): string {
  return (node.localName ?? '').toLowerCase();
}

function isHidden(node: DomNode): boolean {
  return SKIPPED.has(nameOf(node)) || (node.getAttribute?.('hidden') ?? null) !== null;
}

/** All text in an element, on one line. */
function lineOf(node: DomNode): string {
  return htmlBlocks(node).map(blockText).join(' ').replace(/\s+/gu, ' ').trim();
}

function blockText(block: ReadBlock): string {
  if (block.kind !== 'table') return block.text;
  return [block.header, ...block.rows].map((row) => row.join(' | ')).join('\n');
}

/** A line for each item, and those of lists in it after it. */
function listLines(list: DomNode, isOrdered: boolean): readonly string[] {
  return elementsIn(list).flatMap((item, index) => {
    const text = htmlBlocks(item).map(blockText).join('\n');
    return text === '' ? [] : [`${isOrdered ? `${index + 1}.` : '-'} ${text}`];
  });
}

function elementsIn(node: DomNode): readonly DomNode[] {
  return [...node.childNodes].filter((child) => child.nodeType === ELEMENT && !isHidden(child));
}

/** Whether a table arranges a page: it holds other tables, headings or lists. */
function isLayout(node: DomNode): boolean {
  if (node.getAttribute?.('role') === 'presentation') return true;
  return holds(node, /^(?:table|h[1-6])$/);
}

function holds(node: DomNode, names: RegExp): boolean {
  return elementsIn(node).some((child) => names.test(nameOf(child)) || holds(child, names));
}

function tableOf(node: DomNode): ReadBlock {
  const rows = [...rowsIn(node)].map((row) => elementsIn(row));
  const [first = []] = rows;
  const texts = rows.map((cells) => cells.map(lineOf));
  const hasHeader = first.length > 0 && rows.length > 1 && first.every((cell) => nameOf(cell) === 'th');
  const inHead = elementsIn(node).some((child) => nameOf(child) === 'thead');
  return hasHeader || inHead ? table(texts[0] ?? [], texts.slice(1)) : table([], texts);
}

function* rowsIn(node: DomNode): Iterable<DomNode> {
  for (const child of elementsIn(node)) {
    if (nameOf(child) === 'tr') yield child;
    else if (/^(?:thead|tbody|tfoot)$/.test(nameOf(child))) yield* rowsIn(child);
  }
}
