/**
 * Every use case of a user, called by somebody who has no permission and no session: it refuses by itself, whatever the
 * route asked before it, and changes nothing.
 */
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect } from 'chai';
import { withoutAudit } from '../support/builders/broken-audit.ts';
import { actorFor } from '../support/builders/conversing.ts';
import { newId } from '../support/builders/records.ts';
import { ROOT } from '../support/project.ts';
import { failureOf } from '../support/reporting/refusals.ts';
import { startTestServer, type TestServer } from '../support/servers/server.ts';

// biome-ignore lint/suspicious/noExplicitAny: the arguments after the actor are of every form, and none is looked at.
type UseCase = { execute(...args: any[]): Promise<unknown> };

/** What a use case needs after the actor to be called at all; nothing where it is not here. */
const ARGUMENTS: Readonly<Record<string, readonly unknown[]>> = {
  'change-password': [{ currentPassword: 'sturdy-oak-table', newPassword: 'a-sturdier-oak-table', address: null }],
  'create-user': [{ email: 'vex@example.org', username: null, displayName: 'Vex', password: null }],
  'create-role': [{ name: 'bard', description: 'Sings.', permissions: [] }],
  'end-all-sessions': [newId('user'), { tokens: false }],
  'grant-source-access': [
    newId('source'),
    newId('user'),
    { type: 'alacarte', validFrom: null, expiresAt: null, licenseKey: null },
  ],
  'answer-invitation': [{ code: 'code', answer: 'accept' }],
  'answer-workspace-invitation': [{ code: 'code', answer: 'accept' }],
  'issue-api-token': [{ name: 'bot', scopes: ['chat.use'] }],
  'open-game': [{ name: 'Vox Machina', description: null }],
  'add-source': [{ title: 'Tome', publisher: null, edition: null, description: null, included: false }],
  'list-games': [{ all: false, limit: 9 }],
};
/** Less than the use case asks for, where it asks for two. */
const HELD: Readonly<Record<string, readonly string[]>> = { 'compact-context': ['chat.use'] };

/** What everybody who is signed in may do with what is theirs. */
const NEED_NO_PERMISSION = [
  'cancel-job',
  'end-session',
  'list-api-tokens',
  'list-jobs',
  'list-oauth-accounts',
  'list-sessions',
  'list-workspaces',
  'read-job',
  'retry-job',
  'revoke-api-token',
  'unlink-oauth-account',
];

/** What a permission decides nothing about, but membership, or a code: for strangers it does not exist. */
const HIDDEN = [
  'add-workspace-member',
  'answer-workspace-invitation',
  'change-workspace',
  'change-workspace-member',
  'check-workspace-giver',
  'delete-workspace',
  'invite-to-workspace',
  'list-workspace-invitations',
  'list-workspace-members',
  'read-workspace',
  'read-workspace-usage',
  'remove-workspace-member',
  'revoke-workspace-invitation',
];

const called = globSync('src/application/**/*.ts', { cwd: ROOT }).filter((file) =>
  /^ {2}(async )?execute\(\s*actor: UserActor,?\s*[,)]/m.test(readFileSync(join(ROOT, file), 'utf8')),
);
const asking = called.filter((file) => !NEED_NO_PERMISSION.includes(basename(file, '.ts')));

describe('use cases called by somebody without permissions', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.close());

  it('are all but a few', () => {
    expect(called.map((file) => basename(file, '.ts'))).to.include.members(NEED_NO_PERMISSION);
    expect(asking.length).to.be.at.least(40);
  });

  for (const file of asking) {
    const stem = basename(file, '.ts');
    it(`refuse, and change nothing: ${stem}`, async () => {
      const loaded: Readonly<Record<string, new (deps: never) => UseCase>> = await import(join(ROOT, file));
      const name = stem.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase());
      const useCase = server.application.container.get<UseCase>(loaded[name] as never);
      const stranger = actorFor(newId('user'));
      const actor = { ...stranger, permissions: HELD[stem] ?? [], sessionId: null };
      let refusal: unknown;
      const committed = await withoutAudit(async () => {
        const ids = ARGUMENTS[stem] ?? [newId('user'), newId('user'), {}, () => {}];
        refusal = await failureOf((async () => useCase.execute(actor, ...ids))());
      });
      expect(refusal).to.include({ kind: HIDDEN.includes(stem) ? 'not_found' : 'forbidden' });
      expect(committed).to.deep.equal([]);
    });
  }
});
