/** Answers a message of the Model Context Protocol, with a server that lives as long as that. */
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { UserActor } from '#domain/shared/actor.ts';
import { DomainError } from '#domain/shared/domain-error.ts';
import type { Reply } from '../../declaration/route.ts';
import { problemFor } from '../../refusals/problem.ts';
import { type Tool, type ToolLimits, type ToolUseCases, toolsOf } from './tools.ts';

const INFO = { name: 'tavernkeep', version: '1' } as const;
/** Whatever a client accepts besides, it is answered in JSON. */
const HEADERS = { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' };
/** The protocol's classes want an address; nothing is sent there. */
const ADDRESS = 'http://localhost/mcp';

export type Caller = Readonly<{
  actor: UserActor;
  useCases: ToolUseCases;
  limits: ToolLimits;
  requestId: string | null;
}>;

/** Throws what a tool has failed for, where that is no refusal. */
export async function answerMessage(
  caller: Caller,
  message: unknown,
  protocolVersion: string | undefined,
): Promise<Reply> {
  // Loaded when somebody calls: the start, and whoever needs none of it, do without.
  const { McpServer } = await import('@modelcontextprotocol/sdk/server/mcp.js');
  const { WebStandardStreamableHTTPServerTransport: Transport } = await import(
    '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
  );
  const server = new McpServer(INFO);
  const faults: unknown[] = [];
  for (const tool of toolsOf(caller.useCases, caller.limits)) register(server, tool, caller, faults);
  const transport = new Transport({ enableJsonResponse: true });
  await server.connect(transport);
  try {
    const version = protocolVersion === undefined ? {} : { 'Mcp-Protocol-Version': protocolVersion };
    const request = new Request(ADDRESS, { method: 'POST', headers: { ...HEADERS, ...version } });
    const response = await transport.handleRequest(request, { parsedBody: message });
    if (faults.length > 0) throw faults[0];
    return { status: response.status, ...(response.body !== null && { body: await response.json() }) };
  } finally {
    await server.close();
  }
}

function register(server: McpServer, tool: Tool, { actor, requestId }: Caller, faults: unknown[]): void {
  const { name, description, input, readOnly, run } = tool;
  const annotations = { readOnlyHint: readOnly, destructiveHint: false, openWorldHint: false };
  server.registerTool(name, { description, inputSchema: input, annotations }, async (given) => {
    try {
      return asText(await run(actor, given));
    } catch (error) {
      if (!(error instanceof DomainError)) faults.push(error);
      return { ...asText(problemFor(error, requestId ?? '')), isError: true };
    }
  });
}

function asText(value: unknown) {
  return { content: [{ type: 'text' as const, text: JSON.stringify(value) }] };
}
