/** The form of a problem document, with every code that it can have. */
import { documentedRefusals } from './documented-refusals.ts';

export const problemSchema = () => ({
  type: 'object',
  description: 'A problem document (RFC 9457).',
  required: ['type', 'title', 'status', 'code', 'request_id'],
  properties: {
    type: { type: 'string', description: 'Where the code is explained, relative to the server.' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: {
      type: 'string',
      enum: [...new Set(documentedRefusals().map(({ code }) => code))].sort(),
      description: 'Stable; programs decide by it.',
    },
    request_id: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: { path: { type: 'string' }, message: { type: 'string' } },
      },
    },
    advice: {
      type: 'array',
      description: 'What the caller can do about it.',
      items: { type: 'object', required: ['text'], properties: { text: { type: 'string' } } },
    },
  },
});
