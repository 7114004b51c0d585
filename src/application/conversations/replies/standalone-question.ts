/** Finds out what the last message of a conversation asks, in words that stand alone. */
import {
  type LastTurns,
  QUESTION_MAX_CHARACTERS,
  questionFrom,
  questionPrompt,
} from '#domain/conversations/replies/question-prompt.ts';
import type { LanguageModel } from '../language-model.ts';

/** Somebody waits for the answer, which needs most of their patience. */
const DEADLINE_MS = 20_000;

/** Without success, or where nothing was said before it, the message as it is. */
export async function standaloneQuestion(model: LanguageModel, turns: LastTurns, signal: AbortSignal): Promise<string> {
  if (turns.earlier.length === 0) return turns.last;
  const completion = await model.complete({
    messages: questionPrompt(turns),
    maxChars: QUESTION_MAX_CHARACTERS,
    signal: AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]),
  });
  const isWhole = completion.kind === 'answer' && completion.finishReason === 'stop';
  return (isWhole && questionFrom(completion.text)) || turns.last;
}
