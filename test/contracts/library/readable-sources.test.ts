/** What a user may read is what the stores say at this moment, whatever was cached before. */
import { expect } from 'chai';
import fc from 'fast-check';
import { EmbeddedCache } from '#adapters/embedded/cache.ts';
import type { SourceCursor } from '#application/library/ports.ts';
import { ReadableSources } from '#application/library/readable-sources.ts';
import type { Repos } from '#application/repos.ts';
import type { PageRequest } from '#application/shared/page.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { User } from '#domain/identity/user.ts';
import type { Source } from '#domain/library/source.ts';
import { HOME_ID } from '#domain/shared/workspace-rights.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';
import { invalidating } from '../../support/builders/invalidating.ts';
import { anAccess, aSource, at, aUser } from '../../support/builders/records.ts';

contract('Readable sources', ON_RECORD_STORES, recordStores, (stores) => {
  let now: Date;
  let unitOfWork: UnitOfWork<Repos>;
  let readable: ReadableSources;
  let user: User;
  let reads: number;

  beforeEach(async () => {
    now = at(0);
    reads = 0;
    const clock = { now: () => now };
    const cache = new EmbeddedCache({ clock });
    unitOfWork = invalidating(stores().unitOfWork, cache);
    const { sources, sourceAccesses } = stores().reads;
    const counting: Pick<typeof sources, 'listReadable'> = {
      listReadable: (...given) => {
        reads += 1;
        return sources.listReadable(...given);
      },
    };
    readable = new ReadableSources({ reads: { sources: counting, sourceAccesses }, cache, clock });
    user = aUser();
    await unitOfWork.run(({ users }) => users.add(user));
  });

  const add = (source: Source) => unitOfWork.run(({ sources }) => sources.add(source));
  const grant = (source: Source, fields: object) =>
    unitOfWork.run(({ sourceAccesses }) =>
      sourceAccesses.save(anAccess(source.id, user.id, { revokedAt: null, validFrom: at(0), ...fields }), HOME_ID),
    );
  const titles = async (limit = 9) =>
    (await readable.list(user.id, HOME_ID, { limit })).items.map(({ source }) => source.title);

  it('are read once for many requests, also where there are none', async () => {
    for (let n = 0; n < 3; n += 1) expect(await titles()).to.deep.equal([]);
    expect(reads).to.equal(1);
    await add(aSource({ title: 'A', included: true }));
    for (let n = 0; n < 3; n += 1) expect(await titles()).to.deep.equal(['A']);
    expect(reads).to.equal(2);
  });

  it('are read again where another user’s are not', async () => {
    const [source, other] = [aSource({ title: 'A' }), aUser()];
    await add(source);
    await unitOfWork.run(({ users }) => users.add(other));
    await titles();
    await readable.list(other.id, HOME_ID, { limit: 9 });
    await grant(source, { expiresAt: null });
    await readable.list(other.id, HOME_ID, { limit: 9 });
    expect(reads).to.equal(2);
    expect(await titles()).to.deep.equal(['A']);
  });

  type PageOf = PageRequest<SourceCursor>;
  type List = (page: PageOf) => Promise<Readonly<{ items: readonly { id: string }[]; next: SourceCursor | null }>>;

  async function idsOf(list: List, limit: number): Promise<readonly string[]> {
    const ids: string[] = [];
    let page: PageOf | null = { limit };
    while (page !== null) {
      const { items, next }: Awaited<ReturnType<List>> = await list(page);
      ids.push(...items.map(({ id }) => id));
      page = next === null ? null : { limit, cursor: next };
    }
    return ids;
  }

  it('come in pages without gaps or duplicates, as from the store', async () => {
    const made = [3, 1, 2, 2, 2].map((seconds) => aSource({ included: true, createdAt: at(seconds) }));
    for (const source of made) await add(source);
    const cached: List = async (page) => {
      const { items, next } = await readable.list(user.id, HOME_ID, page);
      return { items: items.map(({ source }) => source), next };
    };
    const stored: List = (page) => stores().reads.sources.listReadable(HOME_ID, { userId: user.id, now }, page);
    for (const limit of [1, 2, 3, 5, 9]) expect(await idsOf(cached, limit)).to.deep.equal(await idsOf(stored, limit));
    expect(await idsOf(cached, 2)).to.have.length(5);
  });

  it('come from the store where they are too many to be cached', async () => {
    const all = Array.from({ length: 201 }, (_, i) => aSource({ included: true, createdAt: at(i) }));
    await unitOfWork.run(async ({ sources }) => {
      for (const source of all) await sources.add(source);
    });
    const { items, next } = await readable.list(user.id, HOME_ID, { limit: 200 });
    expect(items).to.have.length(200);
    const rest = await readable.list(user.id, HOME_ID, { limit: 200, ...(next && { cursor: next }) });
    expect(rest.items.map(({ source }) => source.id)).to.deep.equal([all[0]!.id]);
  });

  const step = fc.record({
    source: fc.nat(2),
    what: fc.constantFrom('grant', 'revoke', 'include', 'exclude', 'wait', 'wait'),
    from: fc.nat(40),
    lasts: fc.option(fc.integer({ min: 1, max: 40 })),
  });

  it('are those of any moment, after any changes', async () => {
    const sources = ['A', 'B', 'C'].map((title) => aSource({ title, createdAt: at(title.charCodeAt(0)) }));
    for (const source of sources) await add(source);
    const include = (source: Source, included: boolean) =>
      unitOfWork.run((repos) => repos.sources.save({ ...source, included }));
    let seconds = 0;
    const act: Readonly<Record<string, (source: Source, from: number, lasts: number | null) => unknown>> = {
      wait: (_, from) => {
        seconds += from;
        now = at(seconds);
      },
      grant: (source, from, lasts) => {
        const validFrom = at(seconds + from);
        return grant(source, { validFrom, expiresAt: lasts === null ? null : at(seconds + from + lasts) });
      },
      revoke: (source) => grant(source, { revokedAt: now }),
      include: (source) => include(source, true),
      exclude: (source) => include(source, false),
    };
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 10 }), async (steps) => {
        for (const { source, what, from, lasts } of steps) {
          await act[what]!(sources[source]!, from, lasts);
          const stored = await stores().reads.sources.listReadable(HOME_ID, { userId: user.id, now }, { limit: 9 });
          expect(await titles()).to.deep.equal(stored.items.map(({ title }) => title));
        }
      }),
      { numRuns: 20 },
    );
  });
});
