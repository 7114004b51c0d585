/**
 * Chats with an assistant and its tools, several in one thread, without their instructions: those are the thread's
 * prompt. A thread begins at every other chat of the half and goes on until it is so much longer than the budget, or
 * has all of them.
 */
import { chatTranscripts, type Line, type Transcript } from '../../../test/support/builders/transcripts.ts';
import { type Half, halfOf } from '../halves.ts';
import type { Sample } from '../sample.ts';

/** All chats of a half together are shorter than 64 k tokens. */
const BUDGETS = [4_000, 16_000];
const CHARACTERS_PER_TOKEN = 4;
const LONGER_THAN_BUDGET = 2.5;

function withoutInstructions({ title, lines }: Transcript): Transcript {
  return { title, lines: lines.filter(({ role }) => role !== 'system') };
}

function charactersOf({ content, toolCalls }: Line): number {
  return content.length + (toolCalls === null ? 0 : JSON.stringify(toolCalls).length);
}

function thread(chats: readonly Transcript[], start: number, budget: number): Sample {
  const lines: Line[] = [];
  const titles: string[] = [];
  let characters = 0;
  for (let i = 0; i < chats.length && characters < budget * CHARACTERS_PER_TOKEN * LONGER_THAN_BUDGET; i += 1) {
    const chat = chats[(start + i) % chats.length]!;
    lines.push(...chat.lines);
    titles.push(chat.title);
    characters += chat.lines.reduce((sum, line) => sum + charactersOf(line), 0);
  }
  const title = titles.join('+');
  return { title, genre: 'chats', language: 'en', lines, budgets: [budget], references: [], planted: [] };
}

export function chatSamples(half: Half): readonly Sample[] {
  const chats = halfOf(chatTranscripts(), half).map(withoutInstructions);
  return BUDGETS.flatMap((budget) =>
    chats.flatMap((_, start) => (start % 2 === 0 ? [thread(chats, start, budget)] : [])),
  );
}
