/** A whole conversation as a download. */
import { z } from 'zod';
import type { ExportThread } from '#application/conversations/threads/export-thread.ts';
import { conversationErrors } from '#domain/conversations/errors.ts';
import { pathId } from '../declaration/input.ts';
import { type Route, route } from '../declaration/route.ts';
import { downloadHeader, EXPORT_FORMATS, exportSchema, exportStream } from './export-formats.ts';

export type ExportUseCases = Readonly<{ exportThread: ExportThread }>;

export function exportRoutes({ exportThread }: ExportUseCases): Route[] {
  return [
    route({
      method: 'get',
      path: '/chat/{thread}/export',
      tag: 'Conversations',
      summary: 'The whole transcript as it is now, as a download of any size.',
      access: 'chat.use',
      params: { thread: pathId('thread', conversationErrors.threadNotFound) },
      query: z.strictObject({
        format: z
          .enum(EXPORT_FORMATS)
          .default('markdown')
          .describe('Markdown is for people; JSON Lines have the thread first, then a message a line.'),
      }),
      returns: { 200: exportSchema },
      async handle({ actor, params, query: { format } }) {
        const exported = await exportThread.execute(actor, params.thread);
        return {
          status: 200,
          stream: exportStream(exported, format),
          headers: { 'Content-Disposition': downloadHeader(exported.thread, format) },
        };
      },
    }),
  ];
}
