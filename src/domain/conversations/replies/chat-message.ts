/** A message as a language model takes it. */

export type ChatMessage = Readonly<{ role: 'system' | 'user' | 'assistant'; content: string }>;
