/** Tavernkeep's append as a use case in the process, with all that a request needs of it: permission, access, usage. */
import { join } from 'node:path';
import { pino } from 'pino';
import { AppendMessage } from '../../src/application/conversations/messages/append-message.ts';
import { StartThread } from '../../src/application/conversations/threads/start-thread.ts';
import { AuthenticateSession } from '../../src/application/identity/sessions/authenticate-session.ts';
import { SignIn } from '../../src/application/identity/sessions/sign-in.ts';
import { NO_ORIGIN } from '../../src/domain/shared/actor.ts';
import type { ThreadId } from '../../src/domain/shared/ids.ts';
import { openApplication } from '../../src/infrastructure/application.ts';
import { loadConfig } from '../../src/infrastructure/config/config.ts';
import { turns } from '../turns.ts';
import { type Subject, serveSubject } from './subject.ts';

const folder = process.argv[2]!;
const admin = { ADMIN_EMAIL: 'bench@tavernkeep.local', ADMIN_PASSWORD: 'measured side by side' };
const files = { APP_DB_PATH: join(folder, 'ours.db'), SPEED_DB_PATH: join(folder, 'ours-speed.db') };
const config = loadConfig({ ...admin, ...files, SQLITE_SYNCHRONOUS: 'full', THREADS_PER_USER: '1000000' }, () => '');

async function open(): Promise<Subject> {
  const { container } = await openApplication(config, pino({ level: 'silent' }));
  const signedIn = await container.get(SignIn).execute({
    login: admin.ADMIN_EMAIL,
    password: admin.ADMIN_PASSWORD,
    origin: NO_ORIGIN,
    address: null,
    userAgent: null,
    presentedSecret: null,
  });
  const actor = (await container.get(AuthenticateSession).execute(signedIn.secret, NO_ORIGIN))!.actor;
  const [startThread, appendMessage] = [container.get(StartThread), container.get(AppendMessage)];
  return {
    // Its connections are its own; the tests of the driver read the setting back.
    synchronous: async () => [config.SQLITE_SYNCHRONOUS === 'full' ? 2 : 1],
    startThread: async () => (await startThread.execute(actor, { title: null, systemPrompt: null, gameId: null })).id,
    async append(thread, { speaker, text }) {
      await appendMessage.execute(actor, {
        threadId: thread as ThreadId,
        role: 'user',
        name: speaker,
        content: text,
        toolCalls: null,
        toolCallId: null,
        pinned: false,
        metadata: {},
      });
    },
  };
}

await serveSubject(await open(), turns);
