/** Licences as use cases, in memory, with a clock that the test moves. */
import { expect } from 'chai';
import { EmbeddedCache } from '#adapters/embedded/cache.ts';
import { MemoryDatabase } from '#adapters/memory/database.ts';
import { AddSource } from '#application/library/add-source.ts';
import { GrantSourceAccess } from '#application/library/grant-source-access.ts';
import { ListReadableSources } from '#application/library/list-readable-sources.ts';
import { ListSourceAccess } from '#application/library/list-source-access.ts';
import { ReadableSources } from '#application/library/readable-sources.ts';
import { AuditEntries } from '#application/shared/audit-log.ts';
import { cipherErrors } from '#application/shared/cipher.ts';
import type { SourceId } from '#domain/shared/ids.ts';
import { actorFor } from '../../support/builders/conversing.ts';
import { outsideUnits } from '../../support/builders/outside-units.ts';
import { at, aUser } from '../../support/builders/records.ts';
import { refusalOf } from '../../support/reporting/refusals.ts';

describe('licences', () => {
  let database: MemoryDatabase;
  let now: Date;
  let source: SourceId;
  let readableSources: ReadableSources;
  const user = aUser({ roles: [] });
  const [keeper, reader] = [actorFor(user.id, 'sources.write', 'sources.grant'), actorFor(user.id, 'sources.read')];

  const clock = { now: () => now };
  const cipher = { encrypt: (text: string) => `sealed ${text.length}`, decrypt: () => 'KEY' };
  const deps = () => {
    const { unitOfWork, ids } = outsideUnits(database.unitOfWork);
    return { ...database, unitOfWork, audit: new AuditEntries({ clock, ids }), clock, ids, cipher };
  };
  const listing = () => new ListReadableSources({ readableSources });
  const input = { type: 'alacarte', validFrom: null, expiresAt: at(10), licenseKey: null } as const;

  beforeEach(async () => {
    [database, now] = [new MemoryDatabase(), at(0)];
    readableSources = new ReadableSources({ ...database, cache: new EmbeddedCache({ clock }), clock });
    await database.unitOfWork.run(({ users }) => users.add(user));
    const about = { publisher: null, edition: null, description: null, included: false };
    source = (await new AddSource(deps()).execute(keeper, { title: 'Tome', ...about })).id;
  });

  const readable = async () => (await listing().execute(reader, { limit: 9 })).items.map((one) => one.source.id);

  it('start and end by the clock at the time of reading', async () => {
    await new GrantSourceAccess(deps()).execute(keeper, source, user.id, { ...input, validFrom: at(5) });
    const seen: boolean[] = [];
    for (const seconds of [0, 4.999, 5, 9.999, 10]) {
      now = at(seconds);
      seen.push((await readable()).includes(source));
    }
    expect(seen).to.deep.equal([false, false, true, true, false]);
  });

  it('store a licence key only encrypted, and nothing if no encryption key is configured', async () => {
    await new GrantSourceAccess(deps()).execute(keeper, source, user.id, { ...input, licenseKey: 'DRAGON' });
    expect((await database.reads.sourceAccesses.find(source, user.id))?.licenseKey).to.equal('sealed 6');
    const bare = {
      encrypt: () => {
        throw cipherErrors.encryptionNotConfigured();
      },
    };
    const granting = new GrantSourceAccess({ ...deps(), cipher: bare });
    const refused = granting.execute(keeper, source, user.id, { ...input, type: 'included', licenseKey: 'NEW' });
    expect(await refusalOf(refused)).to.equal('encryption_not_configured');
    expect((await database.reads.sourceAccesses.find(source, user.id))?.type).to.equal('alacarte');
  });

  it('are listed even if their licence key cannot be decrypted', async () => {
    await new GrantSourceAccess(deps()).execute(keeper, source, user.id, { ...input, licenseKey: 'DRAGON' });
    const page = { limit: 9 };
    const opened = await new ListSourceAccess(deps()).execute(keeper, source, page);
    expect(opened.items[0]?.licenseKey).to.equal('KEY');
    const throwing = {
      decrypt: (): string => {
        throw new Error('no key fits');
      },
    };
    const shut = await new ListSourceAccess({ ...deps(), cipher: throwing }).execute(keeper, source, page);
    expect(shut.items[0]?.licenseKey).to.equal(null);
    expect(shut.items[0]?.access.licenseKey).to.equal('sealed 6');
  });

  it('are granted and listed only with permission', async () => {
    expect(await refusalOf(listing().execute(actorFor(user.id), { limit: 9 }))).to.equal('permission_missing');
    expect(await refusalOf(new GrantSourceAccess(deps()).execute(reader, source, user.id, input))).to.equal(
      'permission_missing',
    );
    expect(await refusalOf(new ListSourceAccess(deps()).execute(reader, source, { limit: 9 }))).to.equal(
      'permission_missing',
    );
    expect(await database.reads.sourceAccesses.find(source, user.id)).to.equal(undefined);
  });
});
