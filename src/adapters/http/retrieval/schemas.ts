/** How passages and answers look to clients. */
import { z } from 'zod';
import type { Answered } from '#application/retrieval/answering/answer-question.ts';
import type { FoundPassage } from '#domain/retrieval/finding/found-passage.ts';

export const citedPassageSchema = z
  .strictObject({
    id: z.string(),
    document_id: z.string(),
    source: z.strictObject({ id: z.string(), title: z.string() }),
    heading_path: z.string().describe('“Monsters > Aboleth > Actions”; empty where no heading stands over it.'),
    page_label: z.string().nullable().describe('What is printed on its page, or the number of the page.'),
    time_code: z.string().nullable().describe('When it is said, in a document with times.'),
    text: z.string(),
  })
  .meta({ id: 'CitedPassage' });

export const foundPassageSchema = citedPassageSchema
  .extend({ rank: z.int().min(1).describe('1 is the best. An answer cites it as `[rank]`.') })
  .meta({ id: 'FoundPassage' });

const citationSchema = z
  .strictObject({
    number: z.int().min(1).describe('As in `[number]`: the rank of the passage.'),
    passage_id: z.string(),
  })
  .meta({ id: 'Citation' });

export const answerSchema = z
  .strictObject({
    answer: z.string().nullable().describe('Plain text, in which `[1]` cites the passage of rank 1.'),
    written_by: z
      .enum(['books', 'model'])
      .nullable()
      .describe('`books`: sentences of the passages themselves. `model`: the language model, checked against them.'),
    citations: z.array(citationSchema).describe('In the order in which the answer has them.'),
    passages: z.array(foundPassageSchema).describe('The best ones, also those that the answer does not cite.'),
    left_out: z.int().min(0).describe('How many passages others may not read, where they read the answer too.'),
    reason: z
      .enum(['not_in_your_books'])
      .optional()
      .describe('Why there is no answer: these passages are the nearest that there are.'),
  })
  .meta({ id: 'Answer' });

export function toPassageJson(passage: FoundPassage): z.input<typeof citedPassageSchema> {
  const { id, documentId, source, headingPath, pageLabel, timeCode, text } = passage;
  return {
    id,
    document_id: documentId,
    source: { id: source.id, title: source.title },
    heading_path: headingPath,
    page_label: pageLabel,
    time_code: timeCode,
    text,
  };
}

export function toFoundJson(passages: readonly FoundPassage[]): z.input<typeof foundPassageSchema>[] {
  return passages.map((passage, at) => ({ ...toPassageJson(passage), rank: at + 1 }));
}

export function toAnswerJson({ answer, cited, passages, writtenBy, leftOut }: Answered): z.input<typeof answerSchema> {
  return {
    answer,
    written_by: writtenBy,
    citations: cited.map((number) => ({ number, passage_id: passages[number - 1]!.id })),
    passages: toFoundJson(passages),
    left_out: leftOut,
    ...(answer === null && { reason: 'not_in_your_books' as const }),
  };
}
