/** Embedding passages and questions: an embedder that fails rests, and what it refuses keeps nothing else from it. */
import { expect } from 'chai';
import { MemoryDatabase } from '#adapters/memory/database.ts';
import { EmbedDue } from '#application/retrieval/embedding/embed-due.ts';
import { EmbedPassages } from '#application/retrieval/embedding/embed-passages.ts';
import type { Embedder, Embedding } from '#application/retrieval/embedding/embedder.ts';
import { EMBED_PASSAGES, embeddingJob } from '#application/retrieval/embedding/embedding-job.ts';
import { Embeddings } from '#application/retrieval/embedding/embeddings.ts';
import { NotNow } from '#application/shared/not-now.ts';
import { Worker } from '../../support/builders/jobs.ts';
import { RULES, TestLibrary } from '../../support/builders/library.ts';
import { at, newId } from '../../support/builders/records.ts';
import { vectorOf } from '../../support/model/embedding-server.ts';

const never = new AbortController().signal;
const failed = (
  kind: 'unreachable' | 'limited' | 'failed' | 'rejected' | 'malformed',
  retryAfterSeconds: number | null = null,
) => ({ kind, retryAfterSeconds }) as const;

/** An embedder that does as it is told, and a clock that the test moves. */
class World implements Embedder {
  model = 'words';
  dimension = 16;
  seconds = 0;
  /** What it answers instead; undefined: vectors. */
  answers: (texts: readonly string[]) => Embedding | undefined = () => undefined;
  asked: (readonly string[])[] = [];
  readonly told: unknown[] = [];
  readonly embeddings = new Embeddings({
    embedder: this,
    clock: { now: () => at(this.seconds) },
    timeoutMs: 1_000,
    log: {
      embedded: () => {},
      failed: (one) => void this.told.push(one),
      rested: (purpose) => void this.told.push(`rested: ${purpose}`),
      passages: (counts) => void this.told.push(counts),
    },
  });

  async embed(texts: readonly string[]): Promise<Embedding> {
    this.asked.push(texts);
    const vectors = texts.map((text) => Float32Array.from(vectorOf(text, this.dimension)));
    return this.answers(texts) ?? { kind: 'vectors', vectors };
  }
}

async function notNow(work: Promise<unknown>): Promise<number> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).to.be.instanceOf(NotNow);
  return (error as NotNow).afterSeconds;
}

describe('Embeddings', () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });

  it('lets an embedder rest that fails, as long as it says, or for half a minute', async () => {
    for (const [failure, rest] of [
      [failed('limited', 90), 90],
      [failed('unreachable'), 30],
      [failed('limited', 1e9), 3_600],
      [failed('limited', 0), 1],
    ] as const) {
      world = new World();
      world.answers = () => failure;
      expect(await world.embeddings.ofQuestion('door')).to.equal(null);
      expect(world.told).to.deep.equal([{ purpose: 'question', failure: failure.kind, restSeconds: rest }]);
      world.answers = () => undefined;
      world.seconds = rest - 1;
      expect(await world.embeddings.ofQuestion('door')).to.equal(null);
      expect(await notNow(world.embeddings.ofPassages(['door'], never))).to.equal(1);
      expect(world.asked).to.have.lengthOf(1);
      world.seconds = rest;
      expect(await world.embeddings.ofQuestion('door')).to.have.lengthOf(16);
    }
  });

  it('keeps it from nobody because it refuses what somebody asks', async () => {
    world.answers = () => failed('rejected');
    expect(await world.embeddings.ofQuestion('door')).to.equal(null);
    world.answers = () => undefined;
    expect(await world.embeddings.ofQuestion('door')).to.have.lengthOf(16);
  });

  it('finds what of some passages it refuses, and embeds the others and the beginning of long ones', async () => {
    const long = `${'long '.repeat(300)}poison`;
    for (const kind of ['rejected', 'malformed', 'failed'] as const) {
      world.answers = (texts) => (texts.some((text) => text.includes('poison')) ? failed(kind) : undefined);
      const vectors = await world.embeddings.ofPassages(['a', 'poison', 'b', long, 'c'], never);
      expect(vectors.map((vector) => vector?.length ?? null)).to.deep.equal([16, null, 16, 16, 16]);
      expect(world.told.at(-1)).to.deep.equal({ embedded: 4, refused: 1 });
    }
  });

  it('refuses no passage where it is the embedder that refuses everything', async () => {
    world.answers = () => failed('rejected');
    expect(await notNow(world.embeddings.ofPassages(['a', 'b'], never))).to.equal(30);
    expect(world.asked).to.have.lengthOf(2);
    expect(world.told).to.deep.equal([{ purpose: 'passages', failure: 'rejected', restSeconds: 30 }]);
  });

  it('takes no vector of a question that has another dimension than those of passages', async () => {
    await world.embeddings.ofPassages(['a'], never);
    world.dimension = 8;
    expect(await world.embeddings.ofQuestion('door')).to.equal(null);
    expect(world.told.at(-1)).to.deep.include({ failure: 'dimension' });
    world.seconds = 60;
    await world.embeddings.probe(never);
    expect(await world.embeddings.ofQuestion('door')).to.have.lengthOf(8);
  });
});

describe('EmbedPassages', () => {
  const setUp = async () => {
    const world = new World();
    const stores = new MemoryDatabase();
    const { reads, unitOfWork } = stores;
    const library = new TestLibrary({ stores, finder: stores.finder });
    const source = await library.addSource({ included: true });
    const { document } = await library.addDocument(source.id, RULES);
    const worker = new Worker(stores, { [EMBED_PASSAGES]: new EmbedPassages({ reads, embeddings: world.embeddings }) });
    const ids = { next: newId };
    const due = new EmbedDue({ unitOfWork, reads, embeddings: world.embeddings, clock: { now: () => at(0) }, ids });
    const jobs = async () => (await reads.jobs.list({ requestedBy: null, limit: 10 })).items;
    const left = () => reads.passageVectors.countDue({ model: world.model, dimension: world.dimension });
    return { world, stores, library, source, document, worker, due, jobs, left };
  };

  it('embeds everything once it is asked for, by one job at a time, and asks for nothing where nothing is due', async () => {
    const { worker, due, jobs, left } = await setUp();
    await due.execute(never);
    await due.execute(never);
    expect(await jobs()).to.have.lengthOf(1);
    await worker.run();
    expect(await left()).to.equal(0);
    const [job] = await jobs();
    expect([job!.status, job!.progress]).to.deep.equal(['done', { done: 3, total: 3, note: null }]);
    await due.execute(never);
    expect(await jobs()).to.have.lengthOf(1);
  });

  it('waits as long as the embedder says, counts no attempt, and goes on where it was', async () => {
    const { world, worker, due, jobs, left } = await setUp();
    await due.execute(never);
    world.answers = () => failed('limited', 120);
    await worker.run();
    const [job] = await jobs();
    expect([worker.outcomes, job!.status, job!.attempts]).to.deep.equal([['postponed'], 'queued', 0]);
    expect(job!.dueAt).to.deep.equal(at(120));
    [world.answers, world.seconds, worker.now] = [() => undefined, 120, at(120)];
    await worker.run();
    expect(await left()).to.equal(0);
  });

  it('embeds again what another model, or the same with another dimension, has embedded', async () => {
    const { world, worker, due, left } = await setUp();
    for (const [model, dimension] of [
      ['words', 16],
      ['others', 16],
      ['others', 32],
    ] as const) {
      Object.assign(world, { model, dimension });
      expect(await left()).to.equal(3);
      await due.execute(never);
      await worker.run();
      expect(await left()).to.equal(0);
    }
  });

  it('embeds what begins to serve while it is at its end', async () => {
    const { world, stores, library, source, worker, jobs, left } = await setUp();
    await stores.unitOfWork.run(({ jobs: all }) => all.add(embeddingJob({ id: newId('job'), createdAt: at(0) })));
    let added = false;
    world.answers = (texts) => {
      // The last that is due: what comes now is seen by the step that would be the last.
      if (!added && texts.length === RULES.length) {
        added = true;
        void library.addDocument(source.id, [['Ships', 'A galleon sails.']]);
      }
      return undefined;
    };
    await worker.run();
    expect([added, await left(), (await jobs())[0]!.status]).to.deep.equal([true, 0, 'done']);
  });

  it('does nothing where no embedder is configured any more, or a document is gone', async () => {
    const { stores, worker, due, document, jobs } = await setUp();
    await due.execute(never);
    await stores.unitOfWork.run(({ documents }) => documents.remove(document.id));
    await worker.run();
    expect((await jobs())[0]!.status).to.equal('done');
    const without = new EmbedPassages({ reads: stores.reads, embeddings: null });
    const effect = await without.step({ payload: {}, checkpoint: null }, never);
    expect(await effect(stores as never)).to.deep.include({ done: true });
  });
});
