/** Formats numbers, the meter and compactions for the terminal. */
import { styleText } from 'node:util';
import type { TavernkeepError } from '../sdk/sdk.ts';
import type { Compaction, Usage } from './api-types.ts';
import type { Line } from './transcript.ts';

type Style = Parameters<typeof styleText>[0];

/** Respects NO_COLOR and FORCE_COLOR; does not colour output that goes to no terminal. */
export function paint(style: Style, text: string): string {
  return styleText(style, text);
}

const grouped = new Intl.NumberFormat('en-US');

export function number(value: number): string {
  return grouped.format(value);
}

/** Formats a number with its noun: `1 message`, `2 messages`. */
export function count(value: number, one: string, many = `${one}s`): string {
  return `${number(value)} ${value === 1 ? one : many}`;
}

/** Formats a decrease with a minus sign: `−1,900`. */
function less(value: number): string {
  return value < 0 ? `+${number(-value)}` : `−${number(value)}`;
}

export function meter({ usage_pct, next_compact_at_pct }: Usage): string {
  return `Context ${usage_pct}% · Next compact at ${next_compact_at_pct}%`;
}

/** A window may hold only so many entries, too: many tiny messages are compacted long before the budget is used. */
export function entries({ entry_count, max_entries }: Usage): string {
  return `${number(entry_count)} of ${number(max_entries)} entries`;
}

export function progress(at: number, total: number): string {
  return `message ${number(at)} of ${number(total)}`;
}

export function banner({ before_messages, after_messages, summaries_added }: Compaction): string {
  const messages = before_messages - after_messages;
  const gone = `${less(messages)} ${messages === 1 ? 'message' : 'messages'}`;
  const plus =
    summaries_added === 0 ? '' : ` · + ${summaries_added === 1 ? 'summary' : `${summaries_added} summaries`}`;
  return `Conversation compacted · ${gone}${plus}`;
}

export function tokens({ before_tokens, after_tokens }: Compaction): string {
  return `${number(before_tokens)} → ${number(after_tokens)} tokens`;
}

export function strategies({ strategies_used }: Compaction): string {
  return strategies_used.map(({ name, tokens_freed }) => `${name} ${less(tokens_freed)}`).join(', ');
}

export function refusal(why: TavernkeepError, at: number): string {
  const { advice = [] } = why.problem;
  const advised = advice.length === 0 ? '' : ` Advice: ${advice.map(({ text }) => text).join('; ')}.`;
  return `Message ${number(at)} refused (${why.status}): ${why.message}${advised}`;
}

/** Formats a message on one line, without control characters: a transcript must not be able to control the terminal. */
export function quote({ name, role, content, tool_calls }: Line): string {
  const calls = (tool_calls ?? []).map((call) => `${call.name}(…)`).join(' ');
  return `${name ?? role}: ${content === '' ? calls : content}`.slice(0, 500).replaceAll(/[\p{C}\s]+/gu, ' ');
}

export function clip(text: string, columns: number): string {
  const characters = [...text];
  return characters.length <= columns ? text : `${characters.slice(0, Math.max(0, columns - 1)).join('')}…`;
}
