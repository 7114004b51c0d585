/** The script of the worker thread that runs large compactions: answers each request with one result or error. */
import { parentPort } from 'node:worker_threads';
import { loadEstimator } from '#adapters/language-model/token-estimators.ts';
import type { CompactionAnswer, CompactionRequest } from '#adapters/worker-threads/compactor.ts';
import { compact } from '#domain/conversations/compaction/chain.ts';

parentPort?.on('message', async ({ id, job, estimator }: CompactionRequest) => {
  parentPort?.postMessage(await answer({ id, job, estimator }));
});

async function answer({ id, job, estimator }: CompactionRequest): Promise<CompactionAnswer> {
  try {
    return { id, compacted: compact(job, await loadEstimator(estimator), () => performance.now()) };
  } catch (error) {
    return { id, error };
  }
}
