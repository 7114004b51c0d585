/**
 * What a use case spends on permissions, in a process of its own: answers how many microseconds one check took on
 * average.
 */
import { join } from 'node:path';
import { pino } from 'pino';
import { Principals } from '../../src/application/identity/roles/principals.ts';
import { AuthenticateSession } from '../../src/application/identity/sessions/authenticate-session.ts';
import { SignIn } from '../../src/application/identity/sessions/sign-in.ts';
import { NO_ORIGIN, requirePermission, type UserActor } from '../../src/domain/shared/actor.ts';
import { openApplication } from '../../src/infrastructure/application.ts';
import { loadConfig } from '../../src/infrastructure/config/config.ts';

const folder = process.argv[2]!;
const admin = { ADMIN_EMAIL: 'bench@tavernkeep.local', ADMIN_PASSWORD: 'measured side by side' };
const files = { APP_DB_PATH: join(folder, 'ours.db'), SPEED_DB_PATH: join(folder, 'ours-speed.db') };

const { container } = await openApplication(
  loadConfig({ ...admin, ...files }, () => ''),
  pino({ level: 'silent' }),
);
const principals = container.get(Principals);

async function signedInActor(): Promise<UserActor> {
  const { secret } = await container.get(SignIn).execute({
    login: admin.ADMIN_EMAIL,
    password: admin.ADMIN_PASSWORD,
    origin: NO_ORIGIN,
    address: null,
    userAgent: null,
    presentedSecret: null,
  });
  return (await container.get(AuthenticateSession).execute(secret, NO_ORIGIN))!.actor;
}

/** One after the other, as the steps of one request are. */
async function microsecondsPerCheck(actor: UserActor, calls: number): Promise<number> {
  const started = performance.now();
  for (let call = 0; call < calls; call += 1) {
    await principals.get(actor.userId);
    requirePermission(actor, 'users.read');
  }
  return ((performance.now() - started) * 1_000) / calls;
}

const actor = await signedInActor();
process.on('message', async ({ calls }: { calls: number }) => process.send!(await microsecondsPerCheck(actor, calls)));
process.send!('ready');
