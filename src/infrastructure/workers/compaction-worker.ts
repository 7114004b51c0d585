/** The script of the worker thread that compacts and counts: answers each request with one result or error. */
import { parentPort } from 'node:worker_threads';
import { loadEstimator } from '#adapters/language-model/token-estimators.ts';
import { doWork, type WorkAnswer, type WorkRequest } from '#adapters/worker-threads/worker-queue.ts';

parentPort?.on('message', async (request: WorkRequest) => {
  parentPort?.postMessage(await answer(request));
});

async function answer({ work, estimator }: WorkRequest): Promise<WorkAnswer> {
  try {
    return { done: doWork(work, await loadEstimator(estimator)) };
  } catch (error) {
    return { error };
  }
}
