/** API tokens that are issued or rotated while all of their owner's tokens end: none survives. */
import { expect } from 'chai';
import { RandomApiTokenSecrets } from '#adapters/security/api-token-secrets.ts';
import { IssueApiToken } from '#application/identity/api-tokens/issue-api-token.ts';
import { RotateApiToken } from '#application/identity/api-tokens/rotate-api-token.ts';
import { EndAllSessions } from '#application/identity/sessions/end-all-sessions.ts';
import { ChangeUser } from '#application/identity/users/change-user.ts';
import type { Repos } from '#application/repos.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { type ApiToken, TOKENS_PER_USER } from '#domain/identity/api-token.ts';
import type { User } from '#domain/identity/user.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import { Administration, actorWith, noted } from '../../support/builders/administering.ts';
import { newId } from '../../support/builders/records.ts';
import { failureOf, refusalOf } from '../../support/reporting/refusals.ts';

describe('API tokens of a user whose tokens are ending', () => {
  let administration: Administration;
  let admin: UserActor;
  let user: User;
  let owner: UserActor;
  beforeEach(async () => {
    administration = await Administration.open();
    [admin, user] = [(await administration.admin()).actor, await administration.user()];
    owner = { ...actorWith(user.id, 'chat.use'), sessionId: newId('session') };
  });
  afterEach(() => administration.close());

  const logOut = () => new EndAllSessions(administration.deps).execute(admin, user.id, { tokens: true });
  async function disableAndEnable(): Promise<void> {
    const changeUser = new ChangeUser(administration.deps);
    for (const status of ['disabled', 'active'] as const)
      await changeUser.execute(admin, user.id, { status }, () => {});
  }

  /** Use cases whose unit of work begins only after something else has been committed. */
  const preceded = (first: () => Promise<unknown>) => {
    const unitOfWork: UnitOfWork<Repos> = {
      run: async (work) => {
        await first();
        return administration.unitOfWork.run(work);
      },
    };
    return { ...administration.deps, unitOfWork, tokenSecrets: new RandomApiTokenSecrets() };
  };
  const nothing = async () => {};
  const issue = (first: () => Promise<unknown>, sessionEpoch: number | null = user.sessionEpoch) =>
    new IssueApiToken(preceded(first)).execute(owner, { name: 'bot', scopes: ['chat.use'], sessionEpoch });
  const rotate = ({ id }: ApiToken, first: () => Promise<unknown>) =>
    new RotateApiToken(preceded(first)).execute(owner, { id, graceSeconds: 60, sessionEpoch: user.sessionEpoch });
  const usable = () => administration.reads.apiTokens.countUsable(user.id, administration.now);

  for (const [done, end] of Object.entries({ 'disabled and enabled': disableAndEnable, 'logged out': logOut })) {
    it(`are neither issued nor rotated by a session that began before its user was ${done}`, async () => {
      const { token } = await issue(nothing);
      expect(await usable()).to.equal(1);
      expect(await refusalOf(issue(end))).to.equal('session_required');
      expect(await refusalOf(rotate(token, nothing))).to.equal('session_required');
      expect(await usable()).to.equal(0);
    });
  }

  it('end with an audit entry of the user and how many they were, and without one where none was usable', async () => {
    for (const _ of [1, 2]) await issue(nothing);
    await logOut();
    const changed = { before: null, after: { tokens: 2 } };
    expect(await administration.audited()).to.deep.include(
      noted(admin, 'tokens.revoke_all', `user:${user.id}`, changed),
    );
    await logOut();
    const audited = await administration.audited();
    expect(audited.filter(({ action }) => action === 'tokens.revoke_all')).to.have.length(1);
  });

  it('are refused beyond the greatest number of usable ones, which the refusal names', async () => {
    for (let count = 0; count < TOKENS_PER_USER; count += 1) await issue(nothing);
    const refused = await failureOf(issue(nothing));
    expect(refused).to.deep.include({ kind: 'conflict', code: 'tokens_full', details: { max: TOKENS_PER_USER } });
    expect(await usable()).to.equal(TOKENS_PER_USER);
  });

  it('are refused a rotation with 409 once they have ended, and with 404 if they are none', async () => {
    const { token } = await issue(nothing);
    await logOut();
    user = { ...user, sessionEpoch: user.sessionEpoch + 1 };
    expect(await failureOf(rotate(token, nothing))).to.include({ kind: 'conflict', code: 'token_ended' });
    const unknown = { ...token, id: newId('apiToken') };
    expect(await failureOf(rotate(unknown, nothing))).to.include({ kind: 'not_found', code: 'token_not_found' });
  });

  it('are neither issued nor rotated once the user is disabled or deleted, nor by a token', async () => {
    const { token } = await issue(nothing);
    expect(await refusalOf(issue(nothing, null))).to.equal('session_required');
    const disable = () => new ChangeUser(administration.deps).execute(admin, user.id, { status: 'disabled' }, () => {});
    expect(await refusalOf(rotate(token, disable))).to.equal('session_required');
    expect(await refusalOf(issue(nothing, user.sessionEpoch + 1))).to.equal('session_required');
    const remove = () => administration.unitOfWork.run(({ users }) => users.remove(user.id));
    expect(await refusalOf(issue(remove))).to.equal('session_required');
  });

  it('stay usable where ending them was rolled back, sessions and all', async () => {
    await issue(nothing);
    const endAllSessions = new EndAllSessions(administration.depsWithoutAudit);
    await administration.expectUndone(() => endAllSessions.execute(admin, user.id, { tokens: true }));
    expect(await usable()).to.equal(1);
  });
});
