/** The container: every use case and every route, on what a start has opened. Only application.ts and the commands make one. */
import { Container, type ContainerModule } from 'inversify';
import type { Config } from './config/config.ts';
import { auditModule } from './wiring/audit.ts';
import { contextModule } from './wiring/conversations/context.ts';
import { messagesModule } from './wiring/conversations/messages.ts';
import { threadsModule } from './wiring/conversations/threads.ts';
import { gamesModule } from './wiring/games.ts';
import { apiTokensModule } from './wiring/identity/api-tokens.ts';
import { oauthModule } from './wiring/identity/oauth.ts';
import { passwordsModule } from './wiring/identity/passwords.ts';
import { rolesModule } from './wiring/identity/roles.ts';
import { sessionsModule } from './wiring/identity/sessions.ts';
import { usersModule } from './wiring/identity/users.ts';
import { libraryModule } from './wiring/library.ts';
import { operationsModule } from './wiring/operations.ts';
import { systemModule } from './wiring/system.ts';

/** Every feature, in the order in which documents show their routes. */
const features = [
  sessionsModule,
  usersModule,
  rolesModule,
  passwordsModule,
  apiTokensModule,
  oauthModule,
  gamesModule,
  libraryModule,
  threadsModule,
  messagesModule,
  contextModule,
  operationsModule,
  auditModule,
];

/** Each use case is made when it is first asked for: a command opens no more than what its own use case needs. */
export async function createContainer(config: Config, ...opened: readonly ContainerModule[]): Promise<Container> {
  const container = new Container();
  await container.load(systemModule(config), ...opened, ...features);
  return container;
}
