/**
 * Sources and licences as they are managed, in memory: what is refused first, what is kept, and what the audit is told.
 */
import { expect } from 'chai';
import { MemoryDatabase } from '#adapters/memory/database.ts';
import { AddSource } from '#application/library/add-source.ts';
import { ChangeSource } from '#application/library/change-source.ts';
import { DeleteSource } from '#application/library/documents/delete-source.ts';
import { GrantSourceAccess } from '#application/library/grant-source-access.ts';
import { ListSourceAccess } from '#application/library/list-source-access.ts';
import { RevokeSourceAccess } from '#application/library/revoke-source-access.ts';
import { AuditEntries } from '#application/shared/audit-log.ts';
import { accessFacts, sourceFacts } from '#domain/library/audit-facts.ts';
import type { Source } from '#domain/library/source.ts';
import { actorFor } from '../../support/builders/conversing.ts';
import { outsideUnits } from '../../support/builders/outside-units.ts';
import { aSource, at, aUser } from '../../support/builders/records.ts';
import { failureOf, refusalOf } from '../../support/reporting/refusals.ts';

describe('the management of the library', () => {
  let database: MemoryDatabase;
  let now: Date;
  let source: Source;
  const user = aUser({ roles: [] });
  const keeper = actorFor(user.id, 'sources.write', 'sources.grant');

  const clock = { now: () => now };
  const cipher = { encrypt: (text: string) => `sealed ${text}`, decrypt: (text: string) => text };
  const deps = () => {
    const { unitOfWork, ids } = outsideUnits(database.unitOfWork);
    return { ...database, unitOfWork, audit: new AuditEntries({ clock, ids }), clock, ids, cipher };
  };
  const terms = { type: 'alacarte', validFrom: at(0), expiresAt: at(10), licenseKey: null } as const;

  beforeEach(async () => {
    [database, now] = [new MemoryDatabase(), at(0)];
    await database.unitOfWork.run(({ users }) => users.add(user));
    const about = { publisher: null, edition: null, description: null, included: false };
    source = await new AddSource(deps()).execute(keeper, { title: 'Tome', ...about });
  });

  const grant = (changed: Partial<Parameters<GrantSourceAccess['execute']>[3]> = {}, id = source.id) =>
    new GrantSourceAccess(deps()).execute(keeper, id, user.id, { ...terms, ...changed });
  const revoke = (id = source.id) => new RevokeSourceAccess(deps()).execute(keeper, id, user.id);
  const stored = () => database.reads.sourceAccesses.find(source.id, user.id);
  const audited = async () => (await database.reads.audit.list({}, { limit: 50 })).items;

  it('refuses terms that nobody could be granted before it looks for the source, and a source that is not there', async () => {
    const nowhere = aSource().id;
    expect(await refusalOf(grant({ type: 'trial', expiresAt: null }, nowhere))).to.equal('trial_needs_expiry');
    expect(await refusalOf(grant({}, nowhere))).to.equal('source_not_found');
    expect(await refusalOf(revoke(nowhere))).to.equal('source_not_found');
    const listing = new ListSourceAccess(deps()).execute(keeper, nowhere, { limit: 9 });
    expect(await refusalOf(listing)).to.equal('source_not_found');
  });

  it('grants the same again without a word, unless there is a key, and tells the audit what was before', async () => {
    const first = await grant();
    now = at(5);
    expect(await grant()).to.deep.equal(first);
    expect(await audited()).to.have.length(2);
    const keyed = await grant({ licenseKey: 'DRAGON' });
    expect(keyed).to.include({ licenseKey: 'sealed DRAGON' });
    expect(await stored()).to.deep.equal(keyed);
    const [entry] = await audited();
    expect(entry).to.deep.include({
      action: 'sources.grant',
      before: accessFacts(first),
      after: accessFacts(keyed),
    });
  });

  it('revokes a licence once, forgets its key, and remembers a trial', async () => {
    expect(await refusalOf(revoke())).to.equal('access_not_found');
    const trial = await grant({ type: 'trial', licenseKey: 'DRAGON' });
    now = at(5);
    await revoke();
    expect(await stored()).to.deep.equal({ ...trial, revokedAt: at(5), licenseKey: null });
    now = at(6);
    expect(await refusalOf(revoke())).to.equal('access_not_found');
    expect(await stored()).to.deep.include({ revokedAt: at(5) });
    expect(await refusalOf(grant({ type: 'trial' }))).to.equal('trial_used');
  });

  it('changes no source whose precondition fails', async () => {
    const stale = new Error('stale');
    const changing = new ChangeSource(deps()).execute(keeper, source.id, { title: 'Other' }, () => {
      throw stale;
    });
    expect(await failureOf(changing)).to.equal(stale);
    expect(await database.reads.sources.find(source.id)).to.deep.equal(source);
    expect((await audited()).map(({ action }) => action)).to.deep.equal(['sources.create']);
  });

  it('tells the audit what a source was that is deleted', async () => {
    await new DeleteSource(deps()).execute(keeper, source.id);
    const [entry] = await audited();
    const subject = `source:${source.id}`;
    expect(entry).to.deep.include({ action: 'sources.delete', subject, before: sourceFacts(source), after: null });
  });
});
