/** What a use case spends on permissions, in a process of its own: answers how many microseconds one check took on average. */
import { join } from 'node:path';
import { pino } from 'pino';
import { Identify } from '../../src/application/identity/identify.ts';
import { Principals } from '../../src/application/identity/principals.ts';
import { SignIn } from '../../src/application/identity/sign-in.ts';
import { type Actor, NO_ORIGIN, requirePermission } from '../../src/domain/shared/actor.ts';
import { loadConfig } from '../../src/infrastructure/config.ts';
import { openTavernkeep } from '../../src/infrastructure/tavernkeep.ts';

const folder = process.argv[2]!;
const admin = { ADMIN_EMAIL: 'bench@tavernkeep.local', ADMIN_PASSWORD: 'measured side by side' };
const files = { APP_DB_PATH: join(folder, 'ours.db'), SPEED_DB_PATH: join(folder, 'ours-speed.db') };

const { container } = await openTavernkeep(
  loadConfig({ ...admin, ...files }, () => ''),
  pino({ level: 'silent' }),
);
const principals = container.get(Principals);

async function signedInActor(): Promise<Actor> {
  const { secret } = await container.get(SignIn).execute({
    login: admin.ADMIN_EMAIL,
    password: admin.ADMIN_PASSWORD,
    origin: NO_ORIGIN,
    address: null,
    userAgent: null,
    presentedSecret: null,
  });
  return (await container.get(Identify).execute(secret, NO_ORIGIN))!.actor;
}

/** One after the other, as the steps of one request are. */
async function microsecondsPerCheck(actor: Actor, calls: number): Promise<number> {
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
