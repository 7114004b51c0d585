/** The script of the worker thread that reads documents: answers each work with its result, refusal or error. */
import { parentPort, workerData } from 'node:worker_threads';
import { documentAt, documentsIn } from '#adapters/documents/documents-in.ts';
import { readPassages } from '#adapters/documents/read-passages.ts';
import { loadEstimator } from '#adapters/language-model/token-estimators.ts';
import type { DocumentAnswer, DocumentDone, DocumentWork } from '#adapters/worker-threads/document-worker.ts';
import { refusedOf } from '#adapters/worker-threads/refused.ts';
import type { EstimatorName } from '#domain/conversations/usage.ts';

/** So many passages are written at a time. */
const BATCH = 200;

const estimator = loadEstimator(workerData as EstimatorName);

parentPort?.on('message', async (work: DocumentWork) => {
  const answer = await answerTo(work);
  parentPort?.postMessage(answer, 'done' in answer ? buffersOf(answer.done) : []);
});

async function answerTo(work: DocumentWork): Promise<DocumentAnswer> {
  try {
    return { done: await DO[work.kind](work as never) };
  } catch (error) {
    const refused = refusedOf(error);
    return refused === undefined ? { error } : { refused };
  }
}

type Do = { [Kind in DocumentWork['kind']]: (work: Extract<DocumentWork, { kind: Kind }>) => Promise<DocumentDone> };

const DO: Do = {
  async read({ id, as, bytes }) {
    const { size, tokens } = await estimator;
    const { pages, notes, passages } = await readPassages({ id, kind: as, bytes }, (text) => tokens(size(text)));
    const batches: Uint8Array<ArrayBuffer>[] = [];
    for (let from = 0; from < passages.length; from += BATCH)
      batches.push(new TextEncoder().encode(JSON.stringify(passages.slice(from, from + BATCH))));
    return { kind: 'read', pages, notes, passages: passages.length, batches };
  },
  async list({ archive }) {
    const names: string[] = [];
    for await (const { name } of documentsIn({ bytes: archive, name: '' })) names.push(name);
    return { kind: 'list', names, archive };
  },
  async take({ archive, index }) {
    const file = await documentAt(archive, index);
    if (file === undefined) throw new Error('There is no such file in the archive.');
    return { kind: 'take', file: { name: file.name, bytes: Uint8Array.from(file.bytes) }, archive };
  },
};

function buffersOf(done: DocumentDone): readonly ArrayBuffer[] {
  if (done.kind === 'read') return done.batches.map(({ buffer }) => buffer);
  return done.kind === 'take' ? [done.archive.buffer, done.file.bytes.buffer] : [done.archive.buffer];
}
