/** A server of embeddings: words are numbers of the vector, and words that mean the same are the same number. */
import type { ServerResponse } from 'node:http';
import { termsOf } from '#domain/text/search-terms.ts';
import { type Behaviour, type ModelServer, startModelServer } from './model-server.ts';

const DIMENSION = 96;
/** What no index of words finds by each other. */
const SYNONYMS = [
  ['seize', 'grab', 'wrestle', 'grappling', 'hold'],
  ['creature', 'monster', 'beast'],
  ['prone', 'supine', 'flat', 'lying'],
  ['leaves', 'flees', 'retreats'],
];

export function startEmbeddingServer(): Promise<ModelServer> {
  return startModelServer(embeds());
}

/** What the test's own model has for a text. */
export function vectorOf(text: string, dimension = DIMENSION): readonly number[] {
  const vector: number[] = Array.from({ length: dimension }, () => 0);
  for (const { term } of termsOf(text)) vector[placeOf(term, dimension)] = 1;
  return vector.some((value) => value !== 0) ? vector : vector.fill(1);
}

function placeOf(word: string, dimension: number): number {
  const meaning = SYNONYMS.find((words) => words.includes(word))?.[0] ?? word;
  let hash = 7;
  for (const letter of meaning) hash = (hash * 31 + letter.charCodeAt(0)) % 1_000_003;
  return hash % dimension;
}

/** `refuses`: texts with this in them are refused, and others with them. */
export function embeds({ dimension = DIMENSION, refuses = '\0' } = {}): Behaviour {
  return (response, { body }) => {
    const { input } = body as unknown as Readonly<{ input: readonly string[] }>;
    if (input.some((text) => text.includes(refuses))) return answer(response, { error: 'too long' }, 400);
    const data = input.map((text, index) => ({ object: 'embedding', index, embedding: vectorOf(text, dimension) }));
    // In no order that anybody promised.
    return answer(response, { object: 'list', model: body.model, data: data.toReversed() });
  };
}

/** Answers this, whatever is asked. */
export function answersWith(body: unknown): Behaviour {
  return (response) => answer(response, body);
}

export const hangs: Behaviour = () => {};

function answer(response: ServerResponse, body: unknown, status = 200): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(text);
}
