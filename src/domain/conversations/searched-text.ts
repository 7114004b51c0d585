/** What of a message is searched. */
import type { Message } from './message.ts';

/** Returns what was said, and what tools were called with. */
export function searchedText({ content, toolCalls }: Pick<Message, 'content' | 'toolCalls'>): string {
  const calls = (toolCalls ?? []).map(({ name, arguments: given }) => `${name} ${given}`);
  return [content, ...calls].join('\n');
}
