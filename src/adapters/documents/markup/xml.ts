/** Reads XML into a bounded tree. A DOCTYPE is refused, so that there are no entities but those of XML itself. */
import { SaxesParser } from 'saxes';
import { tooLarge, unreadable } from '../shared/refusals.ts';

const DEPTH_MAX = 200;
const NODES_MAX = 1_000_000;

/** An element by its name without a prefix. Its text is divided by the elements in it. */
export type XmlElement = Readonly<{
  name: string;
  attributes: Readonly<Record<string, string>>;
  children: readonly (XmlElement | string)[];
}>;

type OpenElement = XmlElement & { readonly children: (XmlElement | string)[] };

/** Where a DOCTYPE is `ignored`, its entities are unknown all the same, and one that is used is a fault. */
export function parseXml(text: string, doctype: 'refused' | 'ignored' = 'refused'): XmlElement {
  const parser = new SaxesParser();
  const root: OpenElement = { name: '', attributes: {}, children: [] };
  const open = [root];
  let nodes = 0;
  const add = (node: OpenElement | string) => {
    nodes += 1 + (typeof node === 'string' ? 0 : Object.keys(node.attributes).length);
    if (nodes > NODES_MAX) throw tooLarge('elements', NODES_MAX);
    open.at(-1)?.children.push(node);
  };
  parser.on('doctype', () => {
    if (doctype === 'refused') throw unreadable('doctype');
  });
  parser.on('error', () => {
    throw unreadable('broken');
  });
  parser.on('opentag', ({ name, attributes }) => {
    if (open.length > DEPTH_MAX) throw unreadable('too_deep');
    const element = { name: localName(name), attributes: attributes as Record<string, string>, children: [] };
    add(element);
    open.push(element);
  });
  parser.on('text', add);
  parser.on('cdata', add);
  parser.on('closetag', () => {
    open.pop();
  });
  parser.write(text).close();
  return root.children.find((child) => typeof child !== 'string') ?? root;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

export function elementsOf({ children }: XmlElement): readonly XmlElement[] {
  return children.filter((child) => typeof child !== 'string');
}

/** All text in an element, with single spaces. */
export function xmlText(element: XmlElement): string {
  return [...textParts(element)].join('').replace(/\s+/gu, ' ').trim();
}

function* textParts({ children }: XmlElement): Iterable<string> {
  for (const child of children) {
    if (typeof child === 'string') yield child;
    else yield* textParts(child);
  }
}
