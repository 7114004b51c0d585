/** A sample replayed through our windows, and what its baselines may spend to be measured at equal tokens. */
import { parseSummary } from '../../src/domain/conversations/compaction/summary/summary-text.ts';
import { countedText, type Entry, seqsOf, type Window } from '../../src/domain/conversations/window.ts';
import { DomainError } from '../../src/domain/shared/domain-error.ts';
import { conversationWith, policyOf } from '../../test/support/builders/appending.ts';
import type { Line } from '../../test/support/builders/transcripts.ts';
import { type Said, type Sample, toSaid } from './sample.ts';

/** What a system leaves of a transcript. */
export type Left = Readonly<{
  /** The window, without the index line of a summary. */
  passages: readonly Said[];
  index: string;
  /** What stands for the turns that our window summarises. */
  summary: string;
}>;

export type Replay = Readonly<{
  /** The messages that the thread took; one that can never fit is refused. */
  lines: readonly Line[];
  window: Window;
  ours: Left;
  /** By turn, from 0: whether it is not verbatim in the window any more, and whether it is in the summary. */
  isCompacted: readonly boolean[];
  isSummarised: readonly boolean[];
  verbatim: readonly Said[];
  /** Characters that the window spends on what was compacted, and of these on the summary. */
  spare: number;
  summarySize: number;
}>;

export function replayed({ lines }: Sample, maxTokens: number): Replay {
  const conversation = conversationWith(policyOf({ maxTokens }));
  const taken = lines.filter((line) => isTaken(() => conversation.append(line)));
  const { entries } = conversation.window;
  const verbatim = entries.filter(({ kind }) => kind === 'message');
  const others = entries.filter(({ kind }) => kind !== 'message');
  const summaries = others.filter(({ kind }) => kind === 'summary');
  const [shown, summarised] = [new Set(verbatim.flatMap(seqsOf)), new Set(summaries.flatMap(seqsOf))];
  return {
    lines: taken,
    window: conversation.window,
    ours: leftOf(entries, summaries),
    isCompacted: taken.map((_, i) => !shown.has(i + 1)),
    isSummarised: taken.map((_, i) => summarised.has(i + 1)),
    verbatim: verbatim.map(saidOf),
    spare: sizeOf(others),
    summarySize: sizeOf(summaries),
  };
}

function isTaken(append: () => void): boolean {
  try {
    append();
    return true;
  } catch (error) {
    if (error instanceof DomainError) return false;
    throw error;
  }
}

function leftOf(entries: readonly Entry[], summaries: readonly Entry[]): Left {
  const index = summaries.map(({ content }) => parseSummary(content)).flatMap((one) => [...one.names, ...one.subjects]);
  return {
    passages: entries.flatMap((entry) => (entry.kind === 'summary' ? passagesOf(entry) : [saidOf(entry)])),
    index: index.join(', '),
    summary: summaries.map(({ content }) => content).join('\n'),
  };
}

function passagesOf({ content }: Entry): readonly Said[] {
  return parseSummary(content).passages.map(({ speaker, text }) => ({ speaker: speaker ?? '', text }));
}

function saidOf(entry: Entry): Said {
  return toSaid(entry);
}

function sizeOf(entries: readonly Entry[]): number {
  return entries.reduce((sum, entry) => sum + countedText(entry).length, 0);
}
