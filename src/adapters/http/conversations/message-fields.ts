/** What a message may hold that comes from outside, whether it is appended or imported. */
import { z } from 'zod';
import { MESSAGE_ROLES, type MessageRole, type ToolCall } from '#domain/conversations/message.ts';
import { countedText } from '#domain/conversations/window.ts';
import { text } from '../declaration/input.ts';
import { toolCallSchema } from './messages.schemas.ts';

const METADATA_MAX_BYTES = 8 * 1024;
const TOOL_CALLS_MAX = 128;

export function messageFields(maxChars: number) {
  return {
    role: z.enum(MESSAGE_ROLES),
    content: text(0, maxChars),
    tool_calls: z.array(toolCallSchema).min(1).max(TOOL_CALLS_MAX).optional(),
    tool_call_id: text(1, 200).optional(),
    name: text(1, 100).optional(),
    metadata: z
      .record(z.string(), z.unknown())
      .refine(
        (value) => Buffer.byteLength(JSON.stringify(value)) <= METADATA_MAX_BYTES,
        'must be at most 8 KiB as JSON',
      ),
  };
}

type Said = Readonly<{ role: MessageRole; content: string; tool_calls?: ToolCall[] | undefined }>;

/** What one field says of another: `content` may be empty only beside tool calls. */
export function messageRules<Schema extends z.ZodType<Said>>(schema: Schema, maxChars: number): Schema {
  return schema
    .refine(({ content, tool_calls }) => content !== '' || tool_calls !== undefined, {
      path: ['content'],
      message: 'must not be empty, unless there are tool_calls',
    })
    .refine(({ content, tool_calls }) => countedText({ content, toolCalls: tool_calls ?? null }).length <= maxChars, {
      path: ['tool_calls'],
      message: `must, as JSON and together with content, be at most ${maxChars} characters`,
    })
    .refine(({ role, tool_calls }) => tool_calls === undefined || role === 'assistant', {
      path: ['tool_calls'],
      message: 'only an assistant message has them',
    });
}
