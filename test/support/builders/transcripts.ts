/** Real transcripts for tests and measurements, or the sample of our own where they are absent. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MessageRole, ToolCall } from '#domain/conversations/message.ts';
import { ROOT } from '../project.ts';

const data = process.env.TAVERNKEEP_TEST_DATA ?? join(ROOT, '../shared/data');

/** What a test says of a message. */
export type Line = Readonly<{
  role: MessageRole;
  name: string | null;
  content: string;
  toolCalls: readonly ToolCall[] | null;
  toolCallId: string | null;
}>;

export type Transcript = Readonly<{ title: string; lines: readonly Line[] }>;

type PlayTurn = Readonly<{ episode: string; turn: number; speaker: string; text: string }>;
type ChatTurn = Readonly<{ chat: string; role: MessageRole; name?: string; text: string; tool_calls?: ToolCall[] }>;
export type HumanSummary = Readonly<{ episode: string; start_turn: number; end_turn: number; summary: string }>;

const files = {
  turns: join(data, 'crd3/turns.jsonl'),
  summaries: join(data, 'crd3/summaries.jsonl'),
  chats: join(data, 'chats/chats.jsonl'),
  sample: join(ROOT, 'clients/replay/sample.jsonl'),
};

/** Whether the shared transcripts are there; without them there is only the sample. */
export const hasRealTranscripts = [files.turns, files.summaries, files.chats].every((file) => existsSync(file));

export const transcriptsInUse = hasRealTranscripts
  ? `real transcripts in ${data}`
  : `clients/replay/sample.jsonl alone: no transcripts in ${data}`;

function readLines<T>(file: string): readonly T[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
}

function grouped<T>(all: readonly T[], key: (one: T) => string): ReadonlyMap<string, readonly T[]> {
  return Map.groupBy(all, key);
}

function spoken({ speaker, text }: PlayTurn): Line {
  return { role: 'user', name: speaker, content: text, toolCalls: null, toolCallId: null };
}

function played(file: string): readonly Transcript[] {
  const episodes = grouped(readLines<PlayTurn>(file), (turn) => turn.episode);
  return [...episodes].map(([title, turns]) => ({ title, lines: turns.map(spoken) }));
}

/** Sessions at a table, one transcript for each. */
export function playTranscripts(): readonly Transcript[] {
  return played(hasRealTranscripts ? files.turns : files.sample);
}

function chatted({ role, name, text, tool_calls }: ChatTurn): Line {
  return { role, name: name ?? null, content: text, toolCalls: tool_calls ?? null, toolCallId: null };
}

/** Chats with an assistant: code, tool calls, long tool outputs. Empty where the shared transcripts are absent. */
export function chatTranscripts(): readonly Transcript[] {
  if (!hasRealTranscripts) return [];
  const chats = grouped(readLines<ChatTurn>(files.chats), (turn) => turn.chat);
  return [...chats].map(([title, turns]) => ({ title, lines: turns.map(chatted) }));
}

/** What people wrote about ranges of turns of the sessions. */
export function humanSummaries(): readonly HumanSummary[] {
  return hasRealTranscripts ? readLines<HumanSummary>(files.summaries) : [];
}
