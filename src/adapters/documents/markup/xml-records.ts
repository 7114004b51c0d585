/** Reads XML of any form: what has a title or name is a section, what has none a paragraph, single values its lines. */
import type { ReadBlock } from '#domain/retrieval/read-block.ts';
import { heading, paragraph } from '../shared/blocks.ts';
import { elementsOf, parseXml, type XmlElement, xmlText } from './xml.ts';

/** An element, or attribute, of one of these names says how what is around it is called. */
const TITLES = /^(?:name|title|label|head|heading)$/i;
/** Names of elements that say nothing of the text in them. */
const PLAIN = /^(?:p|para|paragraph|text|line|li|item|entry|td|value|body)$/i;
/** Attributes that say how a document is made. */
const TECHNICAL = /^xmlns$|^xmlns:|^xsi:|^xml:/;

export function readXml(text: string): readonly ReadBlock[] {
  const root = parseXml(text);
  return isValue(root) ? [paragraph(linesOf(root).join('\n'))] : sectionOf(root, 1);
}

/** Whether an element holds text, in which others mark words, and not a structure. */
function isValue(element: XmlElement): boolean {
  const { children } = element;
  return elementsOf(element).length === 0 || children.some((child) => typeof child === 'string' && child.trim() !== '');
}

function sectionOf(element: XmlElement, level: number): readonly ReadBlock[] {
  const named = titleOf(element);
  const blocks: ReadBlock[] = named === undefined ? [] : [heading(level, named.title)];
  let lines = attributeLines(element).filter((line) => line !== named?.line);
  // Once a section within this one has ended, what comes belongs to this one again.
  let isWithinOther = false;
  const flush = () => {
    if (lines.length === 0) return;
    if (isWithinOther) blocks.push(heading(level, named?.title ?? element.name));
    blocks.push(paragraph(lines.join('\n')));
    [lines, isWithinOther] = [[], false];
  };
  for (const child of elementsOf(element)) {
    if (child === named?.element) continue;
    if (isValue(child)) {
      for (const line of linesOf(child)) lines.push(line);
      continue;
    }
    flush();
    const inner = sectionOf(child, level + 1);
    isWithinOther ||= inner.some(({ kind }) => kind === 'heading');
    for (const block of inner) blocks.push(block);
  }
  flush();
  return blocks;
}

type Title = Readonly<{ title: string; line?: string; element?: XmlElement }>;

function titleOf(element: XmlElement): Title | undefined {
  const own = elementsOf(element).find((child) => TITLES.test(child.name) && isValue(child) && xmlText(child) !== '');
  if (own !== undefined) return { title: xmlText(own), element: own };
  const [key, value] = Object.entries(element.attributes).find(([name]) => TITLES.test(name)) ?? [];
  if (key === undefined || value === undefined || value.trim() === '') return undefined;
  return { title: value.trim(), line: `${key}: ${value.trim()}` };
}

function attributeLines({ attributes }: XmlElement): string[] {
  return Object.entries(attributes)
    .filter(([key, value]) => !TECHNICAL.test(key) && value.trim() !== '')
    .map(([key, value]) => `${key}: ${value.trim()}`);
}

function linesOf(element: XmlElement): readonly string[] {
  const text = xmlText(element);
  const line = PLAIN.test(element.name) ? text : `${element.name}: ${text}`;
  return [...attributeLines(element), ...elementsOf(element).flatMap(attributeLines), ...(text === '' ? [] : [line])];
}
