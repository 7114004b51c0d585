/** What has expired under idempotency keys goes, however much it is. */
import { expect } from 'chai';
import { PruneStoredResponses } from '#application/operations/prune-stored-responses.ts';
import { Administration } from '../../support/builders/administering.ts';
import { aStoredResponse, at } from '../../support/builders/records.ts';

describe('PruneStoredResponses', () => {
  let administration: Administration;
  beforeEach(async () => {
    administration = await Administration.open();
    await administration.unitOfWork.run(async ({ idempotency }) => {
      for (let n = 0; n < 2_001; n += 1) await idempotency.add(aStoredResponse({ key: `old ${n}`, expiresAt: at(10) }));
      await idempotency.add(aStoredResponse({ key: 'new', expiresAt: at(11) }));
    });
  });
  afterEach(() => administration.close());

  const use = () => new PruneStoredResponses({ unitOfWork: administration.unitOfWork, clock: { now: () => at(10) } });
  /** How many had expired, and whether the one that has not is there. */
  const left = () =>
    administration.unitOfWork.run(async ({ idempotency }) => [
      await idempotency.prune(at(10), 10_000),
      (await idempotency.find('new', at(10)))?.key,
    ]);

  it('removes every answer that has expired, in more pages than one, and no other', async () => {
    await use().execute(new AbortController().signal);
    expect(await left()).to.deep.equal([0, 'new']);
  });

  it('stops after the page under way when the server closes', async () => {
    const closing = new AbortController();
    const unitOfWork: typeof administration.unitOfWork = {
      run: async (work) => {
        closing.abort();
        return administration.unitOfWork.run(work);
      },
    };
    await new PruneStoredResponses({ unitOfWork, clock: { now: () => at(10) } }).execute(closing.signal);
    expect(await left()).to.deep.equal([1_001, 'new']);
  });
});
