/** What an EPUB says of itself: where its chapters are, in which order, and what the table of contents calls them. */
import { posix } from 'node:path';
import { elementsOf, parseXml, type XmlElement, xmlText } from '../markup/xml.ts';
import { decodeText } from '../shared/decoding.ts';
import { unreadable } from '../shared/refusals.ts';

type Files = ReadonlyMap<string, Uint8Array>;

/** Paths in the archive. */
export type EpubPackage = Readonly<{ chapters: readonly string[]; contents: string | undefined }>;

type Item = Readonly<{ path: string; type: string; properties: string }>;

const CONTAINER = 'META-INF/container.xml';

export function packageIn(files: Files): EpubPackage {
  checkRights(files);
  const container = xmlOf(files, CONTAINER);
  const [root] = elementsNamed(container, 'rootfile');
  const path = root?.attributes['full-path'];
  if (path === undefined) throw unreadable('not_its_kind');
  const description = xmlOf(files, path);
  const items = itemsOf(description, posix.dirname(path));
  const spine = [...elementsNamed(description, 'itemref')].filter(({ attributes }) => attributes.linear !== 'no');
  const chapters = spine.map(({ attributes }) => items.get(attributes.idref ?? '')?.path);
  const contents = [...items.values()].find(isContents);
  return { chapters: chapters.filter((chapter) => chapter !== undefined), contents: contents?.path };
}

/** Rights of a shop, or chapters that are encrypted; fonts may be, and are not read. */
function checkRights(files: Files): void {
  if (files.has('META-INF/rights.xml')) throw unreadable('encrypted');
  if (!files.has('META-INF/encryption.xml')) return;
  for (const { attributes } of elementsNamed(xmlOf(files, 'META-INF/encryption.xml'), 'CipherReference'))
    if (/\.(?:x?html?|opf)$/i.test(attributes.URI ?? '')) throw unreadable('encrypted');
}

function xmlOf(files: Files, path: string): XmlElement {
  const bytes = files.get(path);
  if (bytes === undefined) throw unreadable('not_its_kind');
  return parseXml(decodeText(bytes), 'ignored');
}

function itemsOf(description: XmlElement, folder: string): ReadonlyMap<string, Item> {
  const items = new Map<string, Item>();
  for (const { attributes } of elementsNamed(description, 'item')) {
    const path = resolved(folder, attributes.href ?? '');
    const [type, properties] = [attributes['media-type'] ?? '', attributes.properties ?? ''];
    if (attributes.id !== undefined) items.set(attributes.id, { path, type, properties });
  }
  return items;
}

function isContents({ type, properties }: Item): boolean {
  return type === 'application/x-dtbncx+xml' || properties.split(/\s+/).includes('nav');
}

/** The path that a link leads to; what leads out of the archive is not in it. */
function resolved(folder: string, href: string): string {
  const [path = ''] = href.split('#');
  try {
    return posix.join(folder, decodeURIComponent(path));
  } catch {
    return posix.join(folder, path);
  }
}

/** Returns what the table of contents calls each chapter. A broken one calls them nothing. */
export function labelsIn(files: Files, { contents }: EpubPackage): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  if (contents === undefined || !files.has(contents)) return labels;
  for (const { label, href } of entriesOf(files, contents)) {
    const path = resolved(posix.dirname(contents), href);
    if (label !== '' && !labels.has(path)) labels.set(path, label);
  }
  return labels;
}

type ContentsEntry = Readonly<{ label: string; href: string }>;

function entriesOf(files: Files, contents: string): readonly ContentsEntry[] {
  try {
    const root = xmlOf(files, contents);
    const points = [...elementsNamed(root, 'navPoint')].map((point) => ({
      label: elementsOf(point)
        .filter(({ name }) => name === 'navLabel')
        .map(xmlText)
        .join(' '),
      href: elementsOf(point).find(({ name }) => name === 'content')?.attributes.src ?? '',
    }));
    const links = [...elementsNamed(root, 'a')].map((link) => ({
      label: xmlText(link),
      href: link.attributes.href ?? '',
    }));
    return [...points, ...links];
  } catch {
    return [];
  }
}

function* elementsNamed(element: XmlElement, name: string): Iterable<XmlElement> {
  for (const child of elementsOf(element)) {
    if (child.name === name) yield child;
    yield* elementsNamed(child, name);
  }
}
