/** In which form a refusal is written: as a problem document, or as the clients of another API expect it. */
import type { Request } from 'express';
import { OPENAI_BASE_PATH } from '../declaration/base-path.ts';
import { toOpenAiError } from './openai-error.ts';
import { PROBLEM_TYPE, type Problem } from './problem.ts';

type RefusalForm = (document: Problem) => Readonly<{ contentType: string; body: unknown }>;

const asProblem: RefusalForm = (document) => ({ contentType: PROBLEM_TYPE, body: document });
const asOpenAiError: RefusalForm = (document) => ({
  contentType: 'application/json; charset=utf-8',
  body: toOpenAiError(document),
});

/** By the path, whether or not there is something. */
export function refusalFormOf({ originalUrl }: Pick<Request, 'originalUrl'>): RefusalForm {
  return originalUrl.startsWith(`${OPENAI_BASE_PATH}/`) ? asOpenAiError : asProblem;
}
