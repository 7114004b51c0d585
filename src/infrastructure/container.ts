/** Creates the dependency injection container, with every use case and route. */
import { Container, type ContainerModule } from 'inversify';
import type { Config } from './config/config.ts';
import { auditModule } from './wiring/audit.ts';
import { completionsModule } from './wiring/conversations/completions.ts';
import { contextModule } from './wiring/conversations/context.ts';
import { importsModule } from './wiring/conversations/imports.ts';
import { liveModule } from './wiring/conversations/live.ts';
import { mcpModule } from './wiring/conversations/mcp.ts';
import { messagesModule } from './wiring/conversations/messages.ts';
import { refinementModule } from './wiring/conversations/refinement.ts';
import { repliesModule } from './wiring/conversations/replies.ts';
import { searchModule } from './wiring/conversations/search.ts';
import { threadsModule } from './wiring/conversations/threads.ts';
import { documentsModule } from './wiring/documents.ts';
import { gamesModule } from './wiring/games.ts';
import { apiTokensModule } from './wiring/identity/api-tokens.ts';
import { oauthModule } from './wiring/identity/oauth.ts';
import { passwordsModule } from './wiring/identity/passwords.ts';
import { rolesModule } from './wiring/identity/roles.ts';
import { sessionsModule } from './wiring/identity/sessions.ts';
import { usersModule } from './wiring/identity/users.ts';
import { invitationsModule } from './wiring/invitations.ts';
import { jobHandlersModule } from './wiring/job-handlers.ts';
import { jobsModule } from './wiring/jobs.ts';
import { libraryModule } from './wiring/library.ts';
import { operationsModule } from './wiring/operations.ts';
import { retrievalModule } from './wiring/retrieval.ts';
import { systemModule } from './wiring/system.ts';
import { workspacesModule } from './wiring/workspaces.ts';

/** All feature modules, in the order in which the API documentation lists their routes. */
const features = [
  sessionsModule,
  usersModule,
  rolesModule,
  passwordsModule,
  apiTokensModule,
  oauthModule,
  workspacesModule,
  gamesModule,
  invitationsModule,
  libraryModule,
  documentsModule,
  threadsModule,
  importsModule,
  messagesModule,
  contextModule,
  repliesModule,
  refinementModule,
  searchModule,
  retrievalModule,
  completionsModule,
  mcpModule,
  liveModule,
  jobsModule,
  jobHandlersModule,
  operationsModule,
  auditModule,
];

/**
 * Returns a container with `opened`, the modules of the opened stores, and all features. Use cases are created when
 * they are first resolved, so a command can leave out the modules that its own use case does not need. Only
 * `application.ts` and the commands may create or use a container.
 */
export async function createContainer(config: Config, ...opened: readonly ContainerModule[]): Promise<Container> {
  const container = new Container();
  await container.load(systemModule(config), ...opened, ...features);
  return container;
}
