/** Every refusal that docs/errors.md names is provoked over HTTP by some test: looked at when all of them have run. */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { documentedRefusals } from '#adapters/http/docs/documented-refusals.ts';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { aThread } from '../../support/builders/records.ts';
import { ROOT } from '../../support/project.ts';
import { codesSeen } from '../../support/reporting/codes-seen.ts';
import { startTestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

const STATUSES = [400, 401, 403, 404, 409, 410, 412, 413, 415, 416, 417, 422, 428, 429];

/** Refusals that no request can provoke here, and where they are tested instead. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  constraint_violated: 'a guard behind the checks of the use cases; test/adapters/sequelize/failures.test.ts',
  not_latest: 'no call undoes yet; test/domain/conversations/undo.test.ts',
  oauth_accounts_full: 'takes twenty accounts at a provider; test/domain/identity/accounts.test.ts',
  over_budget: 'no call undoes yet; test/domain/conversations/undo.test.ts',
  import_interrupted:
    'takes a purge, or the end of a user, in its midst; test/contracts/conversations/staged-threads.test.ts',
  malformed_request: 'test/http/pipeline/heads.test.ts, on a bare socket: no client sends what is no HTTP',
  expectation_failed: 'test/http/pipeline/heads.test.ts, on a bare socket',
  range_not_satisfiable: 'test/http/pipeline/heads.test.ts, which asks for a part of a page',
};

/** Whether the run has every test over HTTP, and not a part of them by folder, file or title. */
function isWhole(root: Mocha.Suite | undefined): boolean {
  if (process.argv.some((argument) => /^(-g|-f|--grep|--fgrep)/.test(argument))) return false;
  const loaded = new Set(root?.suites.map(({ file }) => file));
  return globSync('test/http/**/*.test.ts', { cwd: ROOT }).every((file) => loaded.has(join(ROOT, file)));
}

/** Whether nothing has failed, or was left out because something had. */
function allPassed(suite: Mocha.Suite | undefined): boolean {
  const passed = suite?.tests.every((test) => test.isPending() || test.isPassed()) ?? true;
  return passed && (suite?.suites.every(allPassed) ?? true);
}

// A hook of the root: it runs after every test of the run, whichever file that is in.
after('every documented refusal was provoked', function () {
  if (!isWhole(this.test?.parent) || !allPassed(this.test?.parent)) return;
  const expected = documentedRefusals().filter(({ status, code }) => STATUSES.includes(status) && !(code in ELSEWHERE));
  const unprovoked = expected.filter(({ code }) => !codesSeen.has(code)).map(({ status, code }) => `${status} ${code}`);
  expect(
    unprovoked,
    'No test over HTTP provokes these: write one, or say in ELSEWHERE where they are tested.',
  ).to.deep.equal([]);
});

onEveryStore('HTTP: refusals', () => {
  it('answers 409 `archived` to an append to an archived thread, and appends nothing', async () => {
    const server = await startTestServer();
    try {
      const client = await server.user();
      const thread = aThread((await client.get('/auth/me')).body.user.id, { archived: true });
      const unitOfWork = server.application.container.get(tokens.unitOfWork);
      await unitOfWork.run(({ threads }) => threads.add(thread));
      const answer = await client.post(`/chat/${thread.id}`, { content: 'x' });
      expect(answer.body).to.include({ status: 409, code: 'archived' });
      expect((await client.get(`/chat/${thread.id}/messages`)).body.items).to.deep.equal([]);
    } finally {
      await server.close();
    }
  });

  it('are excepted from being provoked only by codes that are documented', () => {
    const codes = documentedRefusals().map(({ code }) => code);
    expect(codes).to.include.members(Object.keys(ELSEWHERE));
  });
});
