/** Checks after a replay that transcript and window account for every message. */
import type { Tavernkeep } from '../sdk/sdk.ts';
import type { Entry, Message, WindowNow } from './api-types.ts';
import { count, number } from './format.ts';
import type { Tally } from './tally.ts';
import type { Line } from './transcript.ts';

export type Finding = Readonly<{ holds: boolean; text: string }>;

export async function readAll(api: Tavernkeep, threadId: string): Promise<readonly Message[]> {
  const messages: Message[] = [];
  const whole = { path: { thread: threadId }, query: { after: 0 } };
  for await (const message of api.items('/chat/{thread}/messages', whole)) messages.push(message);
  return messages;
}

export function verify(
  said: readonly Line[],
  transcript: readonly Message[],
  window: WindowNow,
  tally: Tally,
): readonly Finding[] {
  return [isWhole(said, transcript), standsForAll(window.entries, said.length), staysUnder(tally, window)];
}

/** Checks that the seqs have no gap, and that each text is as it was sent. */
function isWhole(said: readonly Line[], transcript: readonly Message[]): Finding {
  const wrong = said.findIndex((line, index) => {
    const kept = transcript[index];
    return kept?.seq !== index + 1 || kept.content !== line.content || kept.name !== line.name;
  });
  if (wrong !== -1)
    return { holds: false, text: `message ${number(wrong + 1)} is not in the transcript as it was said` };
  const holds = transcript.length === said.length;
  return holds
    ? { holds, text: `the transcript holds ${count(said.length, 'message')}: without a gap, in order, word for word` }
    : { holds, text: `the transcript has ${number(transcript.length)} messages, but ${number(said.length)} were said` };
}

function standsForAll(entries: readonly Entry[], last: number): Finding {
  const times = new Map<number, number>();
  for (const seq of entries.flatMap(seqsOf)) times.set(seq, (times.get(seq) ?? 0) + 1);
  for (let seq = 1; seq <= last; seq++) {
    if (times.get(seq) === 1) continue;
    return { holds: false, text: `the window stands for message ${number(seq)} ${times.get(seq) ?? 0} times` };
  }
  const holds = times.size === last;
  return holds
    ? {
        holds,
        text: `the window stands for each of them exactly once, with ${count(entries.length, 'entry', 'entries')}`,
      }
    : { holds, text: `the window stands for ${number(times.size)} messages, but there are ${number(last)}` };
}

function seqsOf({ from_seq, to_seq, seqs }: Entry): readonly number[] {
  return seqs ?? Array.from({ length: to_seq - from_seq + 1 }, (_, index) => from_seq + index);
}

function staysUnder({ highestPct }: Tally, { usage }: WindowNow): Finding {
  const trigger = usage.next_compact_at_pct;
  const holds = highestPct < trigger;
  return {
    holds,
    text: `usage ${holds ? 'stayed under' : 'reached'} the trigger: ${highestPct}% at most, ${trigger}% triggers`,
  };
}
