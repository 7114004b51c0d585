/** Reads DOCX: the styles of headings make the path. */
import mammoth from 'mammoth';
import type { ReadBlock } from '#domain/retrieval/read-block.ts';
import { readHtmlChapter } from '../markup/html.ts';
import { tooLarge, unreadable } from '../shared/refusals.ts';
import { ARCHIVE_LIMITS, type ArchiveFile, filesIn } from './archive.ts';
import { storedZip } from './stored-zip.ts';

/** The package makes trees of all the XML; 500 pages have about 5 MB. */
const XML_MAX_BYTES = 10_000_000;
const LIMITS = { ...ARCHIVE_LIMITS, entryBytes: XML_MAX_BYTES, totalBytes: XML_MAX_BYTES };
const ELEMENTS_MAX = 300_000;
const DEPTH_MAX = 200;

/**
 * The package unpacks without limits, so it is given what was unpacked within ours, and nothing but the XML: pictures
 * are not read.
 */
export async function readDocx(bytes: Uint8Array): Promise<readonly ReadBlock[]> {
  const parts: ArchiveFile[] = [];
  for await (const part of filesIn(bytes, (name) => /\.(?:xml|rels)$/i.test(name), LIMITS)) parts.push(part);
  if (!parts.some(({ name }) => /^word\/document\d*\.xml$/.test(name))) throw unreadable('not_its_kind');
  checkXml(parts);
  return readHtmlChapter(await htmlOf(storedZip(parts)));
}

function checkXml(parts: readonly ArchiveFile[]): void {
  const elements = parts.reduce((sum, { bytes }) => sum + elementsIn(Buffer.from(bytes).toString('latin1')), 0);
  if (elements > ELEMENTS_MAX) throw tooLarge('elements', ELEMENTS_MAX);
}

function elementsIn(xml: string): number {
  if (/<!DOCTYPE/i.test(xml)) throw unreadable('doctype');
  let [elements, depth] = [0, 0];
  for (const [, end, selfEnd] of xml.matchAll(/<(\/?)[A-Za-z_][^<>]*?(\/?)>/g)) {
    if (end === '') elements++;
    if (selfEnd !== '/') depth += end === '' ? 1 : -1;
    if (depth > DEPTH_MAX) throw unreadable('too_deep');
  }
  return elements;
}

async function htmlOf(buffer: Buffer): Promise<string> {
  try {
    const { value } = await mammoth.convertToHtml(
      { buffer },
      {
        styleMap: ["p[style-name='Title'] => h1:fresh", "p[style-name='Subtitle'] => p:fresh"],
        convertImage: mammoth.images.imgElement(async () => ({ src: '' })),
      },
    );
    return value;
  } catch {
    // Whatever the package throws, it is the document that it could not take.
    throw unreadable('broken');
  }
}
