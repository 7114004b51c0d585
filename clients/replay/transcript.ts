/** Reads transcripts: one turn per line, of sessions at a table or of chats with an assistant. */
import { readFileSync } from 'node:fs';
import { UserError } from './user-error.ts';

/** A message as the API accepts it. */
export type Line = Readonly<{
  role: string;
  content: string;
  name?: string;
  tool_calls?: readonly Readonly<Record<string, unknown>>[];
  tool_call_id?: string;
}>;

export type Transcript = Readonly<{ title: string; lines: readonly Line[] }>;

type Row = Readonly<Record<string, unknown>>;
type Turn = Readonly<{ title: string; line: Line }>;

const NAME_MAX_CHARS = 100;
const NAMES_SHOWN = 12;

/** Reads the transcript of `episode`, or the first one in the file. Throws `UserError`. */
export function readTranscript(file: string, fileName: string, episode: string | null): Transcript {
  const turns = readTurns(readText(file, fileName), fileName);
  const titles = [...new Set(turns.map(({ title }) => title))];
  const title = episode ?? titles[0];
  if (title === undefined) throw new UserError(`${fileName} has no turns in it.`);
  if (!titles.includes(title)) {
    const more = titles.length > NAMES_SHOWN ? ` and ${titles.length - NAMES_SHOWN} more` : '';
    throw new UserError(`${fileName} has no "${title}". It has ${titles.slice(0, NAMES_SHOWN).join(', ')}${more}.`);
  }
  const lines = turns.filter((turn) => turn.title === title).map(({ line }) => line);
  return { title, lines: lines.filter(({ content, tool_calls }) => content !== '' || tool_calls !== undefined) };
}

function readText(file: string, fileName: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(code === 'ENOENT' ? `There is no file ${fileName}.` : `${fileName} cannot be read (${code}).`);
  }
}

function readTurns(text: string, fileName: string): readonly Turn[] {
  const turns: Turn[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    try {
      turns.push(readTurn(JSON.parse(line)));
    } catch (error) {
      const why = error instanceof UserError ? error.message : 'it is not JSON';
      throw new UserError(`${fileName}, line ${index + 1}: ${why}.`);
    }
  }
  return turns;
}

function readTurn(row: unknown): Turn {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) throw new UserError('it is not an object');
  const fields = row as Row;
  return 'chat' in fields
    ? { title: word(fields, 'chat'), line: chatted(fields) }
    : { title: word(fields, 'episode'), line: played(fields) };
}

function played(row: Row): Line {
  return { role: 'user', content: said(row), ...named(row.speaker) };
}

function chatted(row: Row): Line {
  const calls = Array.isArray(row.tool_calls) && row.tool_calls.length > 0 ? row.tool_calls.map(toolCall) : null;
  return {
    role: word(row, 'role'),
    content: said(row),
    ...named(row.name),
    ...(calls === null ? {} : { tool_calls: calls }),
    ...(typeof row.tool_call_id === 'string' ? { tool_call_id: row.tool_call_id } : {}),
  };
}

function toolCall(call: unknown): Row {
  if (typeof call !== 'object' || call === null) throw new UserError('a tool call is not an object');
  const { id, name, arguments: given } = call as Row;
  return {
    ...(typeof id === 'string' ? { id } : {}),
    name,
    arguments: typeof given === 'string' ? given : JSON.stringify(given ?? {}),
  };
}

function named(name: unknown): { name?: string } {
  return typeof name === 'string' && name !== '' ? { name: name.slice(0, NAME_MAX_CHARS) } : {};
}

function word(row: Row, field: string): string {
  const value = row[field];
  if (typeof value !== 'string' || value === '') throw new UserError(`"${field}" is missing`);
  return value;
}

function said({ text }: Row): string {
  if (typeof text !== 'string') throw new UserError('"text" is missing');
  return text;
}
