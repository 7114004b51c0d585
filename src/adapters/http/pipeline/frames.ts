/** Answers frames of a WebSocket: each calls a route as a request of its own, with the same rights, limits and log. */
import type { Request } from 'express';
import { z } from 'zod';
import type { Authentication } from '#application/identity/authentication.ts';
import { storeErrors } from '#application/shared/store-errors.ts';
import { actorErrors, type Origin, type UserActor } from '#domain/shared/actor.ts';
import { parseJson } from '../bodies/json.ts';
import { parseInput } from '../bodies/parse-input.ts';
import { NO_BODY } from '../declaration/body.ts';
import { httpErrors } from '../declaration/http-errors.ts';
import { text } from '../declaration/input.ts';
import type { Client, Reply, Route } from '../declaration/route.ts';
import { type Problem, problemFor, sizesOf } from '../refusals/problem.ts';
import { untilGone } from '../streams/stream.ts';
import { type AuthenticationOptions, authenticateClient, checkAccess, clientOf } from './authentication.ts';
import { matching } from './etag.ts';
import { answerOnce, type Idempotency } from './idempotency.ts';
import { createRequestContext, type RequestContext, type RequestContextOptions } from './request-context.ts';
import { checkedReply } from './response-check.ts';
import { parsePath } from './validation.ts';

export type FrameOptions = RequestContextOptions &
  AuthenticationOptions &
  Readonly<{
    idempotency: Idempotency;
    refused(
      access: Readonly<{ actor: UserActor | null; origin: Origin; method: string; route: string; code: string }>,
    ): void;
    holdsLock(): boolean;
    checkResponses: boolean;
  }>;

type Caller = Authentication & Readonly<{ client: Client }>;

/** What is answered to a frame: `ack` with what its call answers, or `error` with the problem; `id` is the frame's. */
type Answered = Readonly<{ type: 'ack' | 'error'; id: string | null; [field: string]: unknown }>;

/** Frames of one socket, which was opened by `request` on `route`. */
export class Frames {
  readonly #route: Route;
  readonly #request: Request;
  readonly #options: FrameOptions;

  constructor(route: Route, request: Request, options: FrameOptions) {
    this.#route = route;
    this.#request = request;
    this.#options = options;
  }

  /** `frame` is the text of one; null where it was no text. Does not throw. */
  readonly answer = async (frame: string | null): Promise<Answered> => {
    const context = createRequestContext(this.#request, this.#route.path, this.#options, this.#options.newRequestId());
    let id: string | null = null;
    try {
      const client = await this.#client(context);
      const { type, id: given, ...body } = this.#parse(frame);
      id = given;
      const called = this.#route.frames?.[type] as Route;
      checkAccess(client.actor, called.access);
      const reply = await this.#call(called, client, { key: given, body });
      this.#record(context, reply.status);
      return { type: 'ack', id, ...(reply.body as object) };
    } catch (error) {
      return { type: 'error', id, problem: this.#refuse(error, context) };
    }
  };

  /** Who sends it, looked up and counted anew for each frame. */
  async #client(context: RequestContext): Promise<Caller> {
    if (!this.#options.holdsLock()) throw storeErrors.storeUnavailable();
    const client = clientOf(this.#request, context, this.#options);
    const found = await authenticateClient(client, context, this.#options);
    if (found === null) throw actorErrors.unauthenticated();
    return { ...found, client };
  }

  #parse(frame: string | null) {
    if (frame === null) throw httpErrors.malformedJson({}, 'A frame is JSON as text.');
    const types = Object.keys(this.#route.frames ?? {});
    const schema = z.looseObject({ type: z.enum(types), id: text(1, 255) });
    return parseInput(schema, parseJson(frame), 'frame');
  }

  async #call(
    route: Route,
    { client, ...who }: Caller,
    { key, body }: Readonly<{ key: string; body: unknown }>,
  ): Promise<Reply> {
    const params = parsePath(route, this.#request);
    const input = { params, query: undefined, body: parseInput(route.body?.schema ?? NO_BODY.schema, body, 'frame') };
    const ifMatch = <Thing>(toJson: (thing: Thing) => unknown) => matching(undefined, toJson);
    const gone = () => untilGone(this.#request.socket);
    const call = { ...who, client, ...input, header: () => undefined, ifMatch, untilGone: gone };
    const path = route.basePath + route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(params[name]));
    const keyed = { key, method: route.method.toUpperCase(), path, body };
    const reply = await answerOnce(route, call, keyed, this.#options.idempotency);
    return this.#options.checkResponses ? checkedReply(route, reply) : reply;
  }

  #refuse(error: unknown, context: RequestContext): Problem {
    const problem = problemFor(error, context.requestId);
    context.code = problem.code;
    context.sizes = sizesOf(error);
    const { actor, origin, route } = context;
    if (problem.status === 403) this.#options.refused({ actor, origin, method: 'POST', route, code: problem.code });
    this.#record(context, problem.status, problem.status >= 500 ? error : undefined);
    return problem;
  }

  #record({ requestId, route, startedMs, actor, code, sizes }: RequestContext, status: number, error?: unknown): void {
    const ms = performance.now() - startedMs;
    const record = { requestId, method: 'POST', route, status, ms, actorId: actor?.userId ?? null, code, sizes };
    this.#options.record(error === undefined ? record : { ...record, error });
  }
}
