/** The official client of OpenAI's API, pointed at a test server. */
import OpenAI, { APIError } from 'openai';
import { codesSeen } from '../reporting/codes-seen.ts';
import type { Client, TestServer } from '../servers/server.ts';

/** By a token of the client's user. It does not try again by itself, so that a test sees each answer. */
export async function openAiClient(server: TestServer, owner: Client): Promise<OpenAI> {
  const apiKey = await server.token(owner, 'chat.use');
  return new OpenAI({ apiKey, baseURL: `${server.url}/v1`, maxRetries: 0 });
}

/** What a call was refused with. */
export async function apiErrorOf(call: PromiseLike<unknown>): Promise<APIError> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof APIError)) throw error;
    if (typeof error.code === 'string') codesSeen.add(error.code);
    return error;
  }
  throw new Error('It was not refused.');
}
