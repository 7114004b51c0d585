/** Requests that may be sent again under an Idempotency-Key: one effect, and the first answer again. */
import { createHmac, hash } from 'node:crypto';
import type { Clock } from '#application/shared/clock.ts';
import {
  type IdempotencyKeys,
  idempotencyErrors,
  type StoredResponse,
  type ToStoredResponse,
} from '#application/shared/idempotency.ts';
import { DomainError } from '#domain/shared/domain-error.ts';
import type { ThreadId, UserId } from '#domain/shared/ids.ts';
import { httpErrors } from '../declaration/http-errors.ts';
import type { Access, Call, PathParameters, Reply, Route, StoreResponse } from '../declaration/route.ts';

const KEY = /^[\x20-\x7e]{1,255}$/;
const RETENTION_MS = 24 * 60 * 60 * 1_000;

/** What tells one request from another: a key holds for one actor, method and path. */
export type KeyedRequest = Readonly<{ key: string; actorId: UserId; method: string; path: string; body: unknown }>;

/** How a request is answered: the first time, which stores what `replay` is given the next times. */
export type Answering = Readonly<{
  first(storeResponse: StoreResponse): Promise<Reply>;
  replay(stored: StoredResponse['answer']): Promise<Reply>;
}>;

type Deps = Readonly<{
  reads: Readonly<{ idempotency: Pick<IdempotencyKeys, 'find'> }>;
  clock: Clock;
  /** What bodies are digested under: the first key is for new ones, all of them know old ones again. */
  bodyKeys: readonly [Buffer, ...Buffer[]];
}>;

/** Of one body, under each key. */
type BodyDigests = readonly [string, ...string[]];

type AnyCall = Call<Access, PathParameters, unknown, unknown>;

/**
 * Calls a route's handler, or answers again what was answered before under the same key; `keyed` is null without one.
 */
export function answerOnce(
  route: Route,
  call: Omit<AnyCall, 'storeResponse'>,
  keyed: Omit<KeyedRequest, 'actorId'> | null,
  idempotency: Idempotency,
): Promise<Reply> {
  const first = (storeResponse: StoreResponse) => route.handle({ ...call, storeResponse });
  if (keyed === null) return first(withoutKey);
  if (!route.idempotent || call.actor === null) throw httpErrors.idempotencyNotSupported();
  const replay = (stored: StoredResponse['answer']) => route.replay({ ...call, storeResponse: withoutKey }, stored);
  return idempotency.answer({ ...keyed, actorId: call.actor.userId }, { first, replay });
}

/** A request without a key, or on a route that takes none: nothing is stored. */
const withoutKey: StoreResponse = () => undefined;

export class Idempotency {
  readonly #deps: Deps;
  /** Keys whose first request this process is working on. */
  readonly #inFlight = new Set<string>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Throws 400 `malformed_idempotency_key`; 409 `idempotency_in_flight` while the first request is under way, here or
   * in another process; 422 `idempotency_key_reused` for another body. What is refused stores nothing: its key is free.
   */
  async answer(request: KeyedRequest, answering: Answering): Promise<Reply> {
    if (!KEY.test(request.key)) throw httpErrors.malformedIdempotencyKey();
    const now = this.#deps.clock.now();
    const key = keyOf(request);
    const digests = this.#digestsOf(request.body);
    const stored = await this.#deps.reads.idempotency.find(key, now);
    if (stored !== undefined) return replay(stored, digests, answering);
    if (this.#inFlight.has(key)) throw idempotencyErrors.inFlight();
    this.#inFlight.add(key);
    try {
      const [bodyDigest] = digests;
      return await answering.first(storing({ key, actorId: request.actorId, bodyDigest, createdAt: now }));
    } catch (error) {
      if (!isInFlight(error)) throw error;
      return await this.#afterRace(key, digests, answering);
    } finally {
      this.#inFlight.delete(key);
    }
  }

  /** Somebody else stored an answer between our look and our effect, which was undone. */
  async #afterRace(key: string, digests: BodyDigests, answering: Answering): Promise<Reply> {
    const stored = await this.#deps.reads.idempotency.find(key, this.#deps.clock.now());
    if (stored === undefined) throw idempotencyErrors.inFlight();
    return replay(stored, digests, answering);
  }

  /** A body may hold a password, which a plain digest would let anybody search for. */
  #digestsOf(body: unknown): BodyDigests {
    const text = JSON.stringify(body) ?? '';
    const digestUnder = (key: Buffer) => createHmac('sha256', key).update(text).digest('base64url');
    const [first, ...others] = this.#deps.bodyKeys;
    return [digestUnder(first), ...others.map(digestUnder)];
  }
}

async function replay(stored: StoredResponse, digests: BodyDigests, answering: Answering): Promise<Reply> {
  if (!digests.includes(stored.bodyDigest)) throw httpErrors.idempotencyKeyReused();
  const reply = await answering.replay(stored.answer);
  return { ...reply, headers: { ...reply.headers, 'Idempotent-Replayed': 'true' } };
}

function storing(request: Pick<StoredResponse, 'key' | 'actorId' | 'bodyDigest' | 'createdAt'>): StoreResponse {
  const expiresAt = new Date(request.createdAt.getTime() + RETENTION_MS);
  return <Result>(
    answer: (result: Result) => StoredResponse['answer'],
    subject?: (result: Result) => UserId | ThreadId,
  ): ToStoredResponse<Result> =>
    (result) => ({ ...request, subjectId: subject?.(result) ?? null, expiresAt, answer: answer(result) });
}

function keyOf({ actorId, method, path, key }: KeyedRequest): string {
  return hash('sha256', JSON.stringify([actorId, method, path, key]), 'base64url');
}

function isInFlight(error: unknown): boolean {
  return error instanceof DomainError && error.code === idempotencyErrors.inFlight.code;
}
