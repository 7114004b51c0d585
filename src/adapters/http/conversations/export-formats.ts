/** How a whole thread looks as a download: as JSON, as JSON lines, and as Markdown for people. */
import { z } from 'zod';
import type { StoredMessage } from '#application/conversations/ports.ts';
import type { ExportedThread } from '#application/conversations/threads/export-thread.ts';
import type { ToolCall } from '#domain/conversations/message.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import { NDJSON_TYPE, type Stream, type StreamSchema } from '../declaration/stream.ts';
import { messageSchema, toMessageJson } from './messages.schemas.ts';
import { threadSchema, toThreadJson } from './threads.schemas.ts';

const MARKDOWN_TYPE = 'text/markdown; charset=utf-8';
const JSON_TYPE = 'application/json';

/** Of the lines, which an import reads: another number where a reader of this one would misread them. */
export const EXPORT_VERSION = 1;

export const EXPORT_FORMATS = ['markdown', 'json', 'jsonl'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

const lineSchema = z
  .union([
    threadSchema.extend({ type: z.literal('thread'), format: z.literal(EXPORT_VERSION) }),
    messageSchema.extend({ type: z.literal('message') }),
  ])
  .meta({ id: 'ExportLine' });

export const exportSchema: StreamSchema = {
  contents: {
    [NDJSON_TYPE]: { of: 'lines', schema: lineSchema },
    [JSON_TYPE]: { of: 'whole', schema: z.strictObject({ thread: threadSchema, messages: z.array(messageSchema) }) },
    [MARKDOWN_TYPE]: { of: 'text' },
  },
};

type Form = Readonly<{
  contentType: string;
  extension: string;
  begin(thread: Thread): string;
  /** A message, and whether it is the first. */
  message(message: StoredMessage, isFirst: boolean): string;
  end: string;
}>;

const FORMS: Readonly<Record<ExportFormat, Form>> = {
  jsonl: {
    contentType: NDJSON_TYPE,
    extension: 'jsonl',
    begin: (thread) => `${JSON.stringify({ type: 'thread', format: EXPORT_VERSION, ...toThreadJson(thread) })}\n`,
    message: (message) => `${JSON.stringify({ type: 'message', ...toMessageJson(message) })}\n`,
    end: '',
  },
  json: {
    contentType: JSON_TYPE,
    extension: 'json',
    begin: (thread) => `{"thread":${JSON.stringify(toThreadJson(thread))},"messages":[`,
    message: (message, isFirst) => `${isFirst ? '' : ','}\n${JSON.stringify(toMessageJson(message))}`,
    end: ']}\n',
  },
  markdown: {
    contentType: MARKDOWN_TYPE,
    extension: 'md',
    begin: ({ title, systemPrompt }) =>
      `# ${onOneLine(title ?? 'Untitled')}\n${systemPrompt === null ? '' : `\n${quoted(systemPrompt)}\n`}`,
    message: (message) => `\n${headOf(message)}\n\n${bodyOf(message)}\n`,
    end: '',
  },
};

export function exportStream({ thread, pages }: ExportedThread, format: ExportFormat): Stream {
  const { contentType, begin, message, end } = FORMS[format];
  return {
    contentType,
    async *chunks(signal) {
      yield begin(thread);
      let isFirst = true;
      for await (const page of pages) {
        if (signal.aborted) return;
        yield page.map((one, i) => message(one, isFirst && i === 0)).join('');
        isFirst = false;
      }
      if (end !== '') yield end;
    },
  };
}

/** Has browsers save it, under the thread's title where they know how to. */
export function downloadHeader({ id, title }: Thread, format: ExportFormat): string {
  const { extension } = FORMS[format];
  const name = encodeURIComponent(onOneLine(title ?? id).replaceAll('/', '-')).replaceAll(/['()*]/g, escaped);
  return `attachment; filename="${id}.${extension}"; filename*=UTF-8''${name}.${extension}`;
}

function escaped(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

function headOf({ seq, role, name, createdAt, pinned }: StoredMessage): string {
  const who = name === null ? role : `${onOneLine(name)} (${role})`;
  return `## ${seq}. ${who}, ${createdAt.toISOString()}${pinned ? ', pinned' : ''}`;
}

function bodyOf({ content, toolCalls }: StoredMessage): string {
  return [...(content === '' ? [] : [content]), ...(toolCalls ?? []).map(calledAs)].join('\n\n');
}

/** In a fence that is longer than any in it. */
function calledAs({ name, arguments: given }: ToolCall): string {
  const longest = Math.max(2, ...Array.from(given.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `Calls ${onOneLine(name)}:\n\n${fence}json\n${given}\n${fence}`;
}

function quoted(text: string): string {
  return text
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n');
}

function onOneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
