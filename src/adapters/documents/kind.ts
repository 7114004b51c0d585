/** Tells the kind of a document by its first bytes. A name decides only between kinds of text that look alike. */
import type { DocumentKind } from '#domain/library/document.ts';
import { retrievalErrors } from '#domain/retrieval/errors.ts';
import { decodeHead } from './shared/decoding.ts';
import { unreadable } from './shared/refusals.ts';

/** An archive is no document, and has documents in it. */
export type FileKind = DocumentKind | 'zip';

/** What is read of a document to tell its kind. */
export const HEAD_BYTES = 64 * 1024;
/** A PDF may have something before its header. */
const PDF_HEADER_WITHIN = 1_024;
/** Of a first file, and of an archive without any. */
const ZIP_STARTS = ['PK\u0003\u0004', 'PK\u0005\u0006'];
const OLD_OFFICE = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
/** Formats that are text, but of which nobody would want to read the source. */
const SOURCES = /^(?:\{\\rtf|%!PS)/;

/**
 * Returns the kind that the bytes have; `name` may be that of the file. Refuses what is empty (`unreadable`) and what
 * is none of these kinds (`unsupported_document`).
 */
export function kindOf(bytes: Uint8Array, name = ''): FileKind {
  if (bytes.length === 0) throw unreadable('empty');
  const head = bytes.subarray(0, HEAD_BYTES);
  const latin = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, PDF_HEADER_WITHIN)).toString('latin1');
  if (latin.includes('%PDF-')) return 'pdf';
  if (ZIP_STARTS.some((start) => latin.startsWith(start))) return packedKind(latin);
  if (OLD_OFFICE.every((byte, index) => head[index] === byte)) throw unreadable('old_office');
  const text = decodeHead(head);
  if (text === undefined || SOURCES.test(text)) throw retrievalErrors.unsupportedDocument();
  const start = text.trimStart();
  if (start === '' && bytes.length <= HEAD_BYTES) throw unreadable('empty');
  return markedUpKind(start, name.toLowerCase()) ?? plainKind(start, name.toLowerCase());
}

/** By the first file in it: an EPUB says what it is, and Office begins with its own folders. */
function packedKind(latin: string): FileKind {
  const [name, content] = [latin.slice(30, 30 + latin.charCodeAt(26)), latin.slice(30)];
  if (content.startsWith('mimetypeapplication/epub+zip')) return 'epub';
  return /^(?:\[Content_Types\]\.xml|(?:_rels|docProps|word)\/.*)$/.test(name) ? 'docx' : 'zip';
}

function markedUpKind(start: string, name: string): FileKind | undefined {
  if (/^WEBVTT(?:[ \t\r\n]|$)/.test(start)) return 'vtt';
  if (/^\d{1,9}[ \t]*\r?\n\d{1,3}:\d\d:\d\d[,.]\d{1,3}[ \t]*-->/.test(start)) return 'srt';
  if (/^(?:<\?xml[^>]*>\s*)?(?:<!--[^>]*-->\s*)*<(?:!doctype\s+html|html|head|body)\b/i.test(start)) return 'html';
  if (/^<(?:\?xml|!doctype)\b/i.test(start)) return 'xml';
  if (!/^<[a-z_][^<>]*>/i.test(start)) return undefined;
  if (name.endsWith('.xml')) return 'xml';
  if (/\.html?$/.test(name)) return 'html';
  return /\.(?:md|markdown|txt)$/.test(name)
    ? undefined
    : /^<(?:div|p|h\d|main|article|table|ul|ol)\b/i.test(start)
      ? 'html'
      : 'xml';
}

function plainKind(start: string, name: string): FileKind {
  if (/\.(?:md|markdown)$/.test(name)) return 'markdown';
  if (/\.(?:csv|tsv)$/.test(name)) return 'csv';
  if (/\.(?:txt|text)$/.test(name)) return 'text';
  if (isMarkdown(start)) return 'markdown';
  return isTable(start) ? 'csv' : 'text';
}

/** A heading, a fence, the rule of a table, or strong text. */
function isMarkdown(start: string): boolean {
  return /^#{1,6} \S|^(?:```|~~~)|^\|? ?:?-{3,}:? ?\||^---\r?\n|\*\*\w[^*\n]*\*\*/m.test(start);
}

/** Whether the first lines have as many separators each, and more than one, or are many. */
function isTable(start: string): boolean {
  const lines = start.split(/\r?\n/).slice(0, 20);
  if (lines.length > 2) lines.pop();
  return [',', ';', '\t'].some((separator) => {
    const counts = lines.map((line) => line.replace(/"(?:[^"]|"")*"/g, '').split(separator).length - 1);
    const [count = 0] = counts;
    return count > 0 && counts.every((other) => other === count) && lines.length * count >= 5 && lines.length > 1;
  });
}
