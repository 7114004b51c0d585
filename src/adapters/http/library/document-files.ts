/** Documents as files: how they come, and how they are sent back. */
import type { DocumentInput } from '#application/library/documents/add-document.ts';
import type { PageInput } from '#application/library/documents/add-page.ts';
import type { OpenedFile } from '#application/library/documents/files.ts';
import type { Audience, Document, DocumentKind } from '#domain/library/document.ts';
import { Upload } from '../declaration/body.ts';
import type { Reply } from '../declaration/route.ts';
import type { Stream, StreamSchema } from '../declaration/stream.ts';

/** Types of text are told without a charset: the original may be in another one. */
const FORMS: Readonly<Record<DocumentKind, Readonly<{ contentType: string; extension: string }>>> = {
  pdf: { contentType: 'application/pdf', extension: 'pdf' },
  docx: {
    contentType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    extension: 'docx',
  },
  epub: { contentType: 'application/epub+zip', extension: 'epub' },
  html: { contentType: 'text/html', extension: 'html' },
  xml: { contentType: 'application/xml', extension: 'xml' },
  vtt: { contentType: 'text/vtt', extension: 'vtt' },
  srt: { contentType: 'application/x-subrip', extension: 'srt' },
  csv: { contentType: 'text/csv', extension: 'csv' },
  markdown: { contentType: 'text/markdown', extension: 'md' },
  text: { contentType: 'text/plain', extension: 'txt' },
};

export const fileSchema: StreamSchema = {
  contents: Object.fromEntries(Object.values(FORMS).map(({ contentType }) => [contentType, { of: 'bytes' }])),
};

/** What clients call kinds of text that look alike. Plain text is what they call all of them. */
const NAME_BY_TYPE: Readonly<Record<string, string>> = {
  'text/markdown': 'document.md',
  'text/csv': 'document.csv',
  'text/html': 'document.html',
  'text/xml': 'document.xml',
  'application/xml': 'document.xml',
};
const UNTITLED = 'Untitled';

type About = Readonly<{ title?: string | undefined; audience?: Audience | undefined }>;

/** What comes as JSON has one of the two. */
type Told = About & Readonly<{ text?: string | undefined; url?: string | undefined }>;

export function isPage(body: Upload | Told): body is About & Readonly<{ url: string }> {
  return !(body instanceof Upload) && body.url !== undefined;
}

export function pageInput(body: About & Readonly<{ url: string }>, { title, audience = 'everyone' }: About): PageInput {
  return { url: body.url, title: body.title ?? title ?? null, audience: body.audience ?? audience };
}

/** Of a file, or of a text in JSON. */
export function documentInput(body: Upload | Told, { title = UNTITLED, audience = 'everyone' }: About): DocumentInput {
  if (body instanceof Upload) return { bytes: body.chunks, name: nameOf(body, title), title, audience };
  return {
    bytes: encoded(body.text ?? ''),
    name: '',
    title: body.title ?? title,
    audience: body.audience ?? audience,
  };
}

/** The title may be the name of the file. */
function nameOf({ contentType }: Upload, title: string): string {
  if (/\.[a-z0-9]{1,8}$/i.test(title)) return title;
  return NAME_BY_TYPE[contentType.split(';')[0]?.trim().toLowerCase() ?? ''] ?? '';
}

async function* encoded(text: string): AsyncIterable<Uint8Array> {
  yield new TextEncoder().encode(text);
}

/** A download that no browser shows as a page of ours, whatever is in it. */
export function fileReply({ document, file }: Readonly<{ document: Document; file: OpenedFile }>): Reply {
  const { contentType, extension } = FORMS[document.kind];
  const stream: Stream = {
    contentType,
    async *chunks(signal) {
      for await (const chunk of file.chunks) {
        if (signal.aborted) return;
        yield chunk;
      }
    },
  };
  return {
    status: 200,
    stream,
    headers: {
      'Content-Disposition': attachment(document, extension),
      'Content-Length': String(file.bytes),
      'Content-Security-Policy': "default-src 'none'; sandbox",
    },
  };
}

/** Under the document's title where browsers know how to. */
function attachment({ id, title }: Document, extension: string): string {
  const plain = title
    .replaceAll(/[\s/\\]+/g, ' ')
    .trim()
    .replace(new RegExp(`\\.${extension}$`, 'i'), '');
  const name = encodeURIComponent(plain.toWellFormed()).replaceAll(/['()*]/g, escaped);
  return `attachment; filename="${id}.${extension}"; filename*=UTF-8''${name}.${extension}`;
}

function escaped(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
