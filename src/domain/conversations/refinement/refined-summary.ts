/** Whether what a language model wrote may replace a summary, and the entry that does. */
import { FOOTER, headerOf } from '../compaction/summary/summary-text.ts';
import type { Estimator } from '../usage.ts';
import type { Entry } from '../window.ts';
import type { RecordPart } from './summary-prompt.ts';

/** Why an answer is no summary to be believed. */
type SummaryFault = 'empty' | 'error' | 'too_long' | 'invented_quote';

type RefinedSummary = Readonly<{ entry: Entry } | { fault: SummaryFault }>;

/** The beginnings of error pages, of stack traces, and of refusals to answer. */
const ERROR =
  /^\s*(?:[{<]|error\b|internal server error|bad gateway|service unavailable|traceback|exception\b|(?:http )?[45]\d\d\b|(?:i['’]?m|i am|we['’]?re) (?:very )?sorry\b|sorry\b|as an ai\b|i (?:can(?:no|['’])t|am unable|won['’]t)\b)/i;
/** A frame of the model's own would be taken for ours. */
const FRAME = /^\[.*\]$/u;
const QUOTE = /[“„]([^“”„]+)[“”]|"([^"]+)"|«([^«»]+)»|「([^「」]+)」|『([^『』]+)』/gu;

/** `record` is what the summary stands for. The entry is never larger than the one it replaces. */
export function refinedSummary(
  summary: Entry,
  answer: string,
  record: readonly RecordPart[],
  estimator: Estimator,
): RefinedSummary {
  const lines = answer.split('\n').map((line) => line.trim());
  const words = lines.filter((line) => line !== '' && !FRAME.test(line));
  if (words.length === 0) return { fault: 'empty' };
  if (ERROR.test(answer)) return { fault: 'error' };
  const content = [headerOf(summary.fromSeq, summary.toSeq), ...words, FOOTER].join('\n');
  const size = estimator.size(content);
  if (size > summary.size) return { fault: 'too_long' };
  if (!quotesOccur(words.join('\n'), record)) return { fault: 'invented_quote' };
  return { entry: { ...summary, content, size } };
}

/** How many characters an answer may have, so that its frame leaves it no longer than the summary. */
export function roomFor(summary: Entry): number {
  const frame = `${headerOf(summary.fromSeq, summary.toSeq)}\n\n${FOOTER}`;
  return Math.max(0, summary.content.length - frame.length);
}

function quotesOccur(text: string, record: readonly RecordPart[]): boolean {
  const said = record.map((part) => comparable(part.text));
  const quotes = Array.from(text.matchAll(QUOTE), (found) => comparable(found.slice(1).find(Boolean) ?? ''));
  return quotes.every((quote) => said.some((words) => words.includes(quote)));
}

/** Without regard to case, white space, the form of quotation marks, and punctuation at both ends. */
function comparable(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[“”„«»]/gu, '"')
    .replaceAll('’', "'")
    .replaceAll(/\s+/gu, ' ')
    .replaceAll(/^[\s\p{P}]+|[\s\p{P}]+$/gu, '');
}
