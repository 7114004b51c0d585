/**
 * Conversations for language models and their hosts, by the Model Context Protocol: stateless, over streamable HTTP.
 */
import { z } from 'zod';
import type { ContextSettings } from '#application/conversations/context-settings.ts';
import { jsonBody } from '../../declaration/body.ts';
import { httpErrors } from '../../declaration/http-errors.ts';
import { type Route, route } from '../../declaration/route.ts';
import type { MessageLimits } from '../messages.routes.ts';
import { answerMessage } from './mcp-endpoint.ts';
import type { ToolLimits, ToolUseCases } from './tools.ts';

export type McpUseCases = ToolUseCases & Readonly<{ messageLimits: MessageLimits }>;

const path = '/mcp';
const tag = 'Model Context Protocol';
const access = 'chat.use';

/** One message at a time: a batch would be one call to the rate limits, however much is in it. */
const message = z.looseObject({ jsonrpc: z.literal('2.0') });

export function mcpRoutes({ messageLimits, ...useCases }: McpUseCases, { estimator }: ContextSettings): Route[] {
  return [answer(useCases, { ...messageLimits, estimator }), stream()];
}

function answer(useCases: ToolUseCases, limits: ToolLimits): Route {
  return route({
    method: 'post',
    basePath: '',
    path,
    tag,
    summary: 'One message of JSON-RPC: tools list, read, append to, search and compact my threads.',
    access,
    body: jsonBody(message),
    returns: { 200: message, 202: null, 400: message },
    async handle({ actor, body, header, client }) {
      const protocolVersion = header('mcp-protocol-version');
      return answerMessage({ actor, useCases, limits, requestId: client.requestId }, body, protocolVersion);
    },
  });
}

/** Nothing is told without being asked for: clients take this status for that. */
function stream(): Route {
  return route({
    method: 'get',
    basePath: '',
    path,
    tag,
    summary: 'No stream: every message is answered by itself.',
    access,
    returns: {},
    errors: [httpErrors.methodNotAllowed],
    async handle() {
      throw httpErrors.methodNotAllowed();
    },
  });
}
