/** Who may read a document, and who may not: the one rule, on every store, against the rule in plain words. */
import { expect } from 'chai';
import fc from 'fast-check';
import type { Audience } from '#domain/library/document.ts';
import type { LibraryReader } from '#domain/library/library-reader.ts';
import type { DocumentId } from '#domain/shared/ids.ts';
import { HOME_ID } from '#domain/shared/workspace-rights.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, type RecordStores, recordStores } from '../../support/backends/record-stores.ts';
import { aDocument } from '../../support/builders/documents.ts';
import { aGame, aMembership, anAccess, aSource, at, aUser, newId } from '../../support/builders/records.ts';
import { aWorkspace } from '../../support/builders/workspaces.ts';

const LICENCES = ['none', 'valid', 'unlimited', 'begins_now', 'ends_now', 'expired', 'future', 'revoked'] as const;
const VALID: readonly string[] = ['valid', 'unlimited', 'begins_now'];
const NOW = 100;

const person = fc.record({
  licence: fc.constantFrom(...LICENCES),
  /** In each of two games; null where they are no member. */
  roles: fc.tuple(fc.constantFrom('gm', 'player', null), fc.constantFrom('gm', 'player', null)),
  isAdmin: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
});
type Person = typeof person extends fc.Arbitrary<infer T> ? T : never;

const situation = fc.record({
  included: fc.boolean(),
  audience: fc.constantFrom<Audience>('everyone', 'gm'),
  people: fc.tuple(person, person, person),
  mayChangeSources: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
  /** Whether they are a member of the source's workspace, and the games belong to another one. */
  isMember: fc.integer({ min: 0, max: 9 }).map((n) => n > 0),
  playsElsewhere: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  game: fc.constantFrom(0, 1, null),
  everyMemberOf: fc.constantFrom(0, 1, null),
});
type Situation = typeof situation extends fc.Arbitrary<infer T> ? T : never;

function expected({ included, audience, people, mayChangeSources, game, everyMemberOf, ...where }: Situation) {
  const { isMember, playsElsewhere } = where;
  const [asker, ...others] = people;
  const isLicensed = ({ licence }: Person) => included || VALID.includes(licence);
  const led = game ?? everyMemberOf;
  const leads = !playsElsewhere && (led === null ? asker.roles.includes('gm') : asker.roles[led] === 'gm');
  const inGame = others.filter(({ roles, isAdmin }) => everyMemberOf !== null && roles[everyMemberOf] && !isAdmin);
  const isThere = isMember && (everyMemberOf === null || !playsElsewhere);
  const source = isThere && (mayChangeSources || isLicensed(asker)) && inGame.every(isLicensed);
  const isForThem =
    audience === 'everyone' ||
    ((mayChangeSources || leads) && inGame.every(({ roles }) => roles[everyMemberOf as 0 | 1] === 'gm'));
  return { source, document: source && isForThem };
}

function accessFields(licence: Person['licence']) {
  const times = { validFrom: at(0), expiresAt: at(NOW + 1) };
  if (licence === 'unlimited') return { ...times, expiresAt: null };
  if (licence === 'begins_now') return { ...times, validFrom: at(NOW) };
  if (licence === 'ends_now') return { ...times, expiresAt: at(NOW) };
  if (licence === 'expired') return { ...times, expiresAt: at(NOW - 1) };
  if (licence === 'future') return { validFrom: at(NOW + 1), expiresAt: null };
  return licence === 'revoked' ? { ...times, revokedAt: at(1) } : times;
}

async function build(stores: RecordStores, { included, audience, people, playsElsewhere }: Situation) {
  const elsewhere = aWorkspace();
  const where = playsElsewhere ? { workspaceId: elsewhere.id } : {};
  const [source, games] = [aSource({ included }), [aGame(null, where), aGame(null, where)] as const];
  const document = aDocument(source.id, { audience });
  const users = people.map(({ isAdmin }) => aUser({ roles: isAdmin ? ['admin'] : ['gm', 'player'] }));
  await stores.unitOfWork.run(async (repos) => {
    await repos.workspaces.add(elsewhere);
    await repos.sources.add(source);
    await repos.documents.add(document);
    for (const game of games) await repos.games.add(game);
    for (const [index, user] of users.entries()) {
      const { licence, roles } = people[index]!;
      await repos.users.add(user);
      if (licence !== 'none')
        await repos.sourceAccesses.save(anAccess(source.id, user.id, accessFields(licence)), HOME_ID);
      for (const [place, roleInGame] of roles.entries())
        if (roleInGame !== null) await repos.memberships.add(aMembership(games[place]!.id, user.id, { roleInGame }));
    }
  });
  return { source, document, games, asker: users[0]! };
}

contract('Readable documents', ON_RECORD_STORES, recordStores, (stores) => {
  it('are those of the rule, in every situation', async () => {
    const seen = { true: 0, false: 0 };
    const check = async (given: Situation) => {
      const { source, document, games, asker } = await build(stores(), given);
      const gameOf = (place: 0 | 1 | null) => (place === null ? null : games[place].id);
      const reader: LibraryReader = {
        userId: asker.id,
        workspaces: given.isMember ? [HOME_ID] : [newId('workspace')],
        changesIn: given.isMember && given.mayChangeSources ? [HOME_ID] : [],
        gameId: gameOf(given.game),
        everyMemberOf: gameOf(given.everyMemberOf),
        now: at(NOW),
      };
      const { documents } = stores().reads;
      const rule = expected(given);
      seen[`${rule.document}`] += 1;
      expect(await documents.isSourceReadable(source.id, reader), 'the source').to.equal(rule.source);
      const there = rule.document ? [document] : [];
      expect(await documents.findReadable(document.id, reader)).to.deep.equal(there[0]);
      const among = [newId('document'), document.id, document.id, 'doc_\'\\"' as DocumentId];
      expect([...(await documents.findReadableIds(among, reader))]).to.deep.equal(there.map(({ id }) => id));
      expect([...(await documents.findReadableIds([], reader))]).to.deep.equal([]);
      const { items } = await documents.listReadable(source.id, reader, { limit: 9 });
      expect(items).to.deep.equal(there);
    };
    await fc.assert(fc.asyncProperty(situation, check), { numRuns: 150, seed: 7 });
    expect(Math.min(seen.true, seen.false), 'both answers are tried').to.be.greaterThan(30);
  });

  it('are listed in pages without those that are not there for the reader', async () => {
    const [source, user] = [aSource({ included: true }), aUser()];
    const all = [1, 2, 3, 4, 5].map((n) =>
      aDocument(source.id, { createdAt: at(n), audience: n % 2 === 0 ? 'gm' : 'everyone' }),
    );
    await stores().unitOfWork.run(async (repos) => {
      await repos.sources.add(source);
      await repos.users.add(user);
      for (const document of all) await repos.documents.add(document);
    });
    const reader = {
      userId: user.id,
      workspaces: [HOME_ID],
      changesIn: [],
      gameId: null,
      everyMemberOf: null,
      now: at(NOW),
    };
    const { documents } = stores().reads;
    const first = await documents.listReadable(source.id, reader, { limit: 2 });
    const rest = await documents.listReadable(source.id, reader, { limit: 2, cursor: first.next! });
    expect([...first.items, ...rest.items]).to.deep.equal([all[4], all[2], all[0]]);
    expect(rest.next).to.equal(null);
  });

  it('are none of a source that there is not', async () => {
    const reader = {
      userId: aUser().id,
      workspaces: [HOME_ID],
      changesIn: [HOME_ID],
      gameId: null,
      everyMemberOf: null,
      now: at(NOW),
    };
    expect(await stores().reads.documents.isSourceReadable(aSource().id, reader)).to.equal(false);
    expect(await stores().reads.documents.findReadable(aDocument(aSource().id).id, reader)).to.equal(undefined);
  });
});
