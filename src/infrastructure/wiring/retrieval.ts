/** Wires the use cases of the retrieval context, and their routes. */
import { ContainerModule } from 'inversify';
import { askingRoutes } from '#adapters/http/retrieval/asking.routes.ts';
import { findingRoutes } from '#adapters/http/retrieval/finding.routes.ts';
import { Principals } from '#application/identity/roles/principals.ts';
import { AnswerQuestion } from '#application/retrieval/answering/answer-question.ts';
import { Ask } from '#application/retrieval/answering/ask.ts';
import { ModelAnswers } from '#application/retrieval/answering/model-answers.ts';
import { EmbedDue } from '#application/retrieval/embedding/embed-due.ts';
import { EmbedPassages } from '#application/retrieval/embedding/embed-passages.ts';
import { FindByMeaning } from '#application/retrieval/embedding/find-by-meaning.ts';
import { FindPassages } from '#application/retrieval/finding/find-passages.ts';
import { PresentReaders } from '#application/retrieval/finding/present-readers.ts';
import { ReadPassage } from '#application/retrieval/finding/read-passage.ts';
import { ThreadSources } from '#application/retrieval/threads/thread-sources.ts';
import { TakeAsk } from '#application/workspaces/take-ask.ts';
import { runInBackground } from './run-in-background.ts';
import { tokens } from './tokens.ts';
import { routes, wire } from './wire.ts';

const { clock, ids, unitOfWork, reads, passageFinder, languageModel, askLog, askDeadline } = tokens;
const { embeddings, fusion } = tokens;

/** Somebody waits for an answer: after this the books give one. */
const ANSWER_DEADLINE_MS = 60_000;

/** What is read meanwhile asks for it by itself. */
const DUE_INTERVAL_MS = 3_600_000;

export const retrievalModule = new ContainerModule(({ bind }) => {
  bind(askDeadline).toConstantValue(ANSWER_DEADLINE_MS);
  wire(bind, FindByMeaning, { finder: passageFinder, embeddings, fusion });
  wire(bind, FindPassages, { reads, clock, finder: FindByMeaning });
  wire(bind, EmbedPassages, { reads, embeddings });
  wire(bind, EmbedDue, { unitOfWork, reads, embeddings, clock, ids });
  runInBackground(bind, EmbedDue, (due) => ({
    name: 'look for passages without vectors',
    everyMs: DUE_INTERVAL_MS,
    run: (closing) => due.execute(closing),
  }));
  wire(bind, ReadPassage, { reads, clock });
  wire(bind, ModelAnswers, { model: languageModel, log: askLog, deadlineMs: askDeadline });
  wire(bind, PresentReaders, { principals: Principals, clock });
  wire(bind, AnswerQuestion, { finder: FindByMeaning, reads, modelAnswers: ModelAnswers, log: askLog, clock });
  wire(bind, Ask, { reads, clock, answerQuestion: AnswerQuestion, readers: PresentReaders, takeAsk: TakeAsk });
  wire(bind, ThreadSources, { readers: PresentReaders, reads, answerQuestion: AnswerQuestion });
  routes(bind, findingRoutes, { findPassages: FindPassages, readPassage: ReadPassage });
  routes(bind, askingRoutes, { ask: Ask });
});
