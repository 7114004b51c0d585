/** Adds documents over HTTP, and waits for what becomes of them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../until.ts';
import type { Answer, Client, Json } from './server.ts';

export type Uploaded = Readonly<{ bytes: Uint8Array | string; type?: string; title?: string; audience?: string }>;

/** Sends a file as the body. */
export function upload(
  client: Client,
  sourceId: string,
  { bytes, type = 'application/octet-stream', title = 'Bestiary', audience = 'everyone' }: Uploaded,
): Promise<Answer> {
  const query = new URLSearchParams({ title, audience });
  const body = Uint8Array.from(Buffer.from(bytes));
  return client.send('POST', `/sources/${sourceId}/documents?${query}`, body, { 'Content-Type': type });
}

let titles = 0;

/** A new source. */
export async function newSource(client: Client, fields: Json = {}): Promise<string> {
  titles += 1;
  const answer = await client.post('/sources', { title: `Shelf ${titles}`, ...fields });
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.body.id;
}

/** Between two looks at a job. */
const POLL_MS = 25;

/** A job once it has ended. */
export async function endedJob(client: Client, id: string): Promise<Json> {
  let job: Json;
  await until(async () => {
    await sleep(POLL_MS);
    job = (await client.get(`/jobs/${id}`)).body;
    return job.status !== 'queued' && job.status !== 'running';
  }, `job ${id} ends`);
  return job;
}

/** A document that was read, or was not, and its job. */
export async function readThrough(client: Client, answer: Answer): Promise<Readonly<{ document: Json; job: Json }>> {
  if (answer.status !== 202) throw new Error(`${answer.status} ${answer.text}`);
  const job = await endedJob(client, answer.body.job.id);
  return { document: (await client.get(`/documents/${answer.body.document.id}`)).body, job };
}
