/** The thread that reads documents: one after the other, within its bounds, and ended when nobody wants its work. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { DocumentWorker } from '#adapters/worker-threads/document-worker.ts';
import { DomainError } from '#domain/shared/domain-error.ts';
import { zip } from '../../support/documents/zip.ts';
import { failureOf } from '../../support/reporting/refusals.ts';
import { temporaryFolder } from '../../support/servers/temporary-database.ts';

const REAL = new URL('../../../src/infrastructure/workers/document-worker.ts', import.meta.url);
const open = () => new AbortController().signal;
const bytesOf = (text: string | Uint8Array) => Uint8Array.from(Buffer.from(text));
const markdown = (text: string, id = 'doc_1') => ({ id, kind: 'markdown' as const, bytes: bytesOf(text) });
const SECTION = (n: number) =>
  `# Beast ${n}\n\n${'It is many and hungry and comes at night from the hills. '.repeat(3)}\n\n`;

/** A script that does as the first letters of a document say. */
const ODD = `
import { parentPort } from 'node:worker_threads';
parentPort.on('message', ({ bytes }) => {
  const text = new TextDecoder().decode(bytes);
  if (text === 'loop') for (;;);
  if (text === 'exit') process.exit(1);
  if (text === 'throw') throw new Error('thrown');
  const kept = [];
  if (text === 'fill') for (;;) kept.push(new Array(100_000).fill(text));
  parentPort.postMessage({ done: { kind: 'read', pages: null, notes: [], passages: 0, batches: [] } });
});`;

describe('The thread that reads documents', function () {
  this.timeout(60_000);
  let worker: DocumentWorker;
  afterEach(() => worker.close());

  function odd(limits: Readonly<{ memoryMb: number; ms: number }>): void {
    const script = join(temporaryFolder(), 'odd.mjs');
    writeFileSync(script, ODD);
    worker = new DocumentWorker({ workerScript: pathToFileURL(script), workerData: null, limits });
  }
  function real(): void {
    worker = new DocumentWorker({ workerScript: REAL, workerData: 'chars_div_4' });
  }
  const reason = async (text: string, signal = open()) => {
    const failure = await failureOf(worker.read(markdown(text), signal));
    return failure instanceof DomainError ? `${failure.code}: ${failure.message}` : (failure as Error).message;
  };

  it('gives passages in batches, with ids that are the same each time, and others for another document', async () => {
    real();
    const text = Array.from({ length: 450 }, (_, n) => SECTION(n)).join('');
    const [one, again] = [await worker.read(markdown(text), open()), await worker.read(markdown(text), open())];
    expect(one).to.deep.include({ pages: null, notes: [], passages: 450, batches: 3 });
    const all = [0, 1, 2].flatMap((index) => one.batch(index));
    expect(all.map(({ ordinal }) => ordinal)).to.deep.equal(Array.from({ length: 450 }, (_, n) => n + 1));
    expect(new Set(all.map(({ id }) => id)).size).to.equal(450);
    for (const { id, sha256, tokens } of all) {
      expect(id).to.match(/^psg_[0-9a-f]{32}$/);
      expect(sha256).to.match(/^[0-9a-f]{64}$/);
      expect(tokens).to.be.greaterThan(10);
    }
    expect([0, 1, 2].flatMap((index) => again.batch(index))).to.deep.equal(all);
    const other = await worker.read(markdown(text, 'doc_2'), open());
    expect(other.batch(0)[0]?.id).not.to.equal(all[0]?.id);
    expect(one.batch(3)).to.deep.equal([]);
  });

  it('keeps the ids of passages whose text stays, also of those that are there several times', async () => {
    real();
    const same = `# Same\n\n${'Twice told and twice the same as it was told before, word for word and line. '.repeat(3)}\n\n`;
    const before = await worker.read(markdown(SECTION(1) + same + same), open());
    const after = await worker.read(markdown(SECTION(2) + same + same), open());
    const [ids, changed] = [before.batch(0), after.batch(0)].map((batch) => batch.map(({ id }) => id));
    expect(new Set(ids).size).to.equal(3);
    expect(changed?.slice(1)).to.deep.equal(ids?.slice(1));
    expect(changed?.[0]).not.to.equal(ids?.[0]);
  });

  it('passes refusals on, and goes on with the next document', async () => {
    real();
    expect(await reason('\0')).to.match(/^unreadable|^unsupported_document/);
    expect((await worker.read(markdown(SECTION(1)), open())).passages).to.equal(1);
  });

  it('takes files out of archives one by one, and gives the archive back', async () => {
    real();
    const archive = bytesOf(zip(['a', 'b', 'c'].map((name) => ({ name: `${name}.md`, content: `# ${name}` }))));
    const listed = await worker.list(archive, open());
    expect(listed.names).to.deep.equal(['a.md', 'b.md', 'c.md']);
    const second = await worker.take(listed.archive, 1, open());
    const first = await worker.take(second.archive, 0, open());
    const texts = [first, second].map(({ file }) => `${file.name} ${Buffer.from(file.bytes)}`);
    expect(texts).to.deep.equal(['a.md # a', 'b.md # b']);
  });

  it('ends what takes too long, or too much memory, and says so; the next document is read', async () => {
    odd({ memoryMb: 32, ms: 1_500 });
    expect(await reason('loop')).to.equal('reading_broke_off: It took longer than 1.5 seconds.');
    expect(await reason('fill')).to.match(/^reading_broke_off: It took (more memory|longer)/);
    expect((await worker.read(markdown('fine'), open())).passages).to.equal(0);
  });

  it('fails a reading whose thread ends, whichever way, and no other', async () => {
    odd({ memoryMb: 64, ms: 20_000 });
    const [ended, thrown, fine] = [reason('exit'), reason('throw'), worker.read(markdown('fine'), open())];
    expect(await ended).to.equal('The thread that reads documents ended.');
    expect(await thrown).to.equal('thrown');
    expect((await fine).passages).to.equal(0);
  });

  it('ends a reading that nobody wants any more, whether it is under way or waits', async () => {
    odd({ memoryMb: 64, ms: 20_000 });
    const [running, waiting] = [new AbortController(), new AbortController()];
    const given = [reason('loop', running.signal), reason('loop', waiting.signal)];
    const fine = worker.read(markdown('fine'), open());
    waiting.abort(new Error('canceled while it waited'));
    running.abort(new Error('canceled while it ran'));
    expect(await Promise.all(given)).to.deep.equal(['canceled while it ran', 'canceled while it waited']);
    expect((await fine).passages).to.equal(0);
    expect(await reason('fine', AbortSignal.abort(new Error('before')))).to.equal('before');
  });
});
