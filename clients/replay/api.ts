/** A client of the HTTP API: signs in once, keeps the cookie, and waits when the server asks it to. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Problem } from './api-types.ts';
import type { ServerTarget } from './arguments.ts';
import { UserError } from './user-error.ts';

const ANSWER_TIMEOUT_MS = 60_000;
const WAITS_MAX = 20;

/** The server does not respond. */
export class Unreachable extends UserError {}

/** The server refused the request. */
export class Refused extends UserError {
  readonly status: number;
  readonly advice: readonly string[];

  constructor(status: number, problem: Problem) {
    super(problem.detail ?? problem.title ?? `The server answered ${status}.`);
    this.status = status;
    this.advice = (problem.advice ?? []).map(({ text }) => text);
  }
}

export class Api {
  readonly #url: string;
  #cookie = '';

  constructor(url: string) {
    this.#url = url;
  }

  /** Throws `UserError` if the sign-in is refused. */
  async signIn({ url, login, password }: ServerTarget): Promise<void> {
    const response = await this.#send('POST', '/auth/login', { login, password });
    if (response.status === 401) throw new UserError(`${url} does not let ${login} in: wrong login or password.`);
    await this.#read(response);
    this.#cookie = response.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
  }

  /** Retries a request after `Retry-After`. Throws `Refused` and `Unreachable`. */
  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    for (let waits = 0; ; waits++) {
      const response = await this.#send(method, path, body);
      const retryAfter = Number(response.headers.get('retry-after'));
      const later = response.status === 429 || response.status === 503;
      if (!later || !(retryAfter > 0) || waits === WAITS_MAX) return (await this.#read(response)) as T;
      await response.text();
      await wait(retryAfter * 1_000);
    }
  }

  async #send(method: string, path: string, body: unknown): Promise<Response> {
    try {
      return await fetch(`${this.#url}/api/v1${path}`, {
        method,
        headers: { Cookie: this.#cookie, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      });
    } catch (error) {
      throw this.#unreachable(error);
    }
  }

  async #read(response: Response): Promise<unknown> {
    const text = await response.text().catch((error: unknown) => {
      throw this.#unreachable(error);
    });
    let answer: unknown;
    try {
      answer = text === '' ? undefined : JSON.parse(text);
    } catch {
      throw new UserError(`${this.#url} is no Tavernkeep: it answered ${response.status}, and not in JSON.`);
    }
    if (response.ok) return answer;
    throw new Refused(response.status, (answer ?? {}) as Problem);
  }

  #unreachable(error: unknown): Unreachable {
    const { name, cause } = error as Error & { cause?: { code?: string } };
    const why = name === 'TimeoutError' ? 'no answer in time' : (cause?.code ?? 'the connection failed');
    return new Unreachable(`${this.#url} does not answer (${why}).`);
  }
}
