/** Appends that wait together share a statement on PostgreSQL, and each ends as if it had come alone. */
import { expect } from 'chai';
import { type SinonFakeTimers, useFakeTimers } from 'sinon';
import type { ThreadRow } from '#adapters/sequelize/conversations/threads.ts';
import { AppendQueue } from '#adapters/sequelize/postgres/append-queue.ts';
import type { AppendOutcome, AppendRow } from '#adapters/sequelize/postgres/append-statements.ts';
import type { Append, WhenLocked } from '#adapters/sequelize/postgres/append-writer.ts';
import { storeErrors } from '#application/shared/store-errors.ts';

/** A statement that was sent: `thread/message` of each append, and what ends it. */
type Sent = Readonly<{
  whenLocked: WhenLocked;
  what: readonly string[];
  answer: (passedOver?: readonly string[]) => void;
  fail: (error: unknown) => void;
}>;

describe('the queue of appends on PostgreSQL', () => {
  let sent: Sent[];
  let queue: AppendQueue;
  let ended: string[];

  const nameOf = ({ row }: Append) => `${row.thread_id}/${row.id}`;
  const write = (appends: readonly Append[], whenLocked: WhenLocked) =>
    new Promise<readonly AppendOutcome[]>((resolve, reject) => {
      const what = appends.map(nameOf);
      const outcome = (name: string, place: number, passedOver: boolean): AppendOutcome => ({
        place,
        passedOver,
        thread: passedOver ? undefined : ({ id: name } as ThreadRow),
      });
      const answer = (passedOver: readonly string[] = []) =>
        resolve(what.map((name, place) => outcome(name, place, passedOver.includes(name))));
      sent.push({ whenLocked, what, answer, fail: reject });
    });

  /** Appends `thread/message`, and notes how it ends. */
  function append(name: string, content = 'Roll!'): void {
    const [thread_id, id] = name.split('/');
    const row = { thread_id, id, content, tool_calls: null, metadata: '{}' } as AppendRow;
    void queue.append({ row, toStoredResponse: undefined }).then(
      (thread) => ended.push(`${name} ${thread?.id === name ? 'done' : 'of another'}`),
      (error) => ended.push(`${name} ${error.code ?? error.message}`),
    );
  }
  const turn = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));
  /** The statements that were sent since this was asked last. */
  async function nextSent(): Promise<readonly Sent[]> {
    await turn();
    return sent.splice(0);
  }
  const what = (statements: readonly Sent[]) => statements.map((one) => [one.whenLocked, ...one.what]);

  beforeEach(() => {
    [sent, ended] = [[], []];
    queue = new AppendQueue(write);
  });

  it('sends the first at once, and together what comes while two statements are under way', async () => {
    append('a/1');
    const [first] = await nextSent();
    append('b/1');
    const [second] = await nextSent();
    for (const name of ['c/1', 'd/1', 'c/2']) append(name);
    expect(await nextSent()).to.deep.equal([]);
    first!.answer();
    const third = await nextSent();
    expect(what([first!, second!, ...third])).to.deep.equal([
      ['skip', 'a/1'],
      ['skip', 'b/1'],
      ['skip', 'c/1', 'd/1', 'c/2'],
    ]);
    expect(ended).to.deep.equal(['a/1 done']);
  });

  it('tells how many wait for a statement', async () => {
    for (const name of ['a/1', 'b/1']) append(name);
    expect(queue.length).to.equal(2);
    await nextSent();
    append('a/2');
    await nextSent();
    expect(queue.length).to.equal(1);
  });

  it('sends nothing of a thread while it has an append under way, and no other thread waits for it', async () => {
    append('a/1');
    const [first] = await nextSent();
    for (const name of ['a/2', 'b/1', 'a/3']) append(name);
    expect(what(await nextSent())).to.deep.equal([['skip', 'b/1']]);
    first!.answer();
    expect(what(await nextSent())).to.deep.equal([['skip', 'a/2', 'a/3']]);
  });

  it('lets a thread that another process holds wait for it by itself, until none of it is passed over', async () => {
    for (const name of ['a/1', 'b/1', 'a/2', 'a/3']) append(name);
    const [all] = await nextSent();
    all!.answer(['a/1', 'a/2', 'a/3']);
    const [waiting] = await nextSent();
    expect(what([waiting!])).to.deep.equal([['wait', 'a/1', 'a/2', 'a/3']]);
    expect(ended).to.deep.equal(['b/1 done']);
    append('a/4');
    append('c/1');
    expect(what(await nextSent())).to.deep.equal([['skip', 'c/1']]);
    waiting!.answer(['a/2', 'a/3']);
    const [again] = await nextSent();
    expect(what([again!])).to.deep.equal([['wait', 'a/2', 'a/3']]);
    again!.answer();
    expect(what(await nextSent())).to.deep.equal([['skip', 'a/4']]);
    expect(ended).to.deep.equal(['b/1 done', 'a/1 done', 'a/2 done', 'a/3 done']);
  });

  it('lets a statement that fails hurt none but the append that made it fail', async () => {
    for (const name of ['a/1', 'b/1', 'a/2']) append(name);
    (await nextSent())[0]!.fail(new Error('refused'));
    const [a, b] = await nextSent();
    expect(what([a!, b!])).to.deep.equal([
      ['wait', 'a/1', 'a/2'],
      ['wait', 'b/1'],
    ]);
    b!.answer();
    a!.fail(new Error('refused'));
    const [first] = await nextSent();
    first!.fail(new Error('refused'));
    const [second] = await nextSent();
    second!.answer();
    await turn();
    expect(ended).to.deep.equal(['b/1 done', 'a/1 refused', 'a/2 done']);
    append('a/3');
    expect(what(await nextSent())).to.deep.equal([['skip', 'a/3']]);
  });

  it('repeats none whose commit may have happened, and tells each of them so', async () => {
    append('a/1');
    append('b/1');
    (await nextSent())[0]!.fail(storeErrors.outcomeUnknown());
    expect(await nextSent()).to.deep.equal([]);
    expect(ended).to.deep.equal(['a/1 outcome_unknown', 'b/1 outcome_unknown']);
  });

  it('sends a hundred at most, and no more text than a statement has time for', async () => {
    for (let n = 1; n <= 101; n += 1) append(`a/${n}`);
    const [hundred] = await nextSent();
    expect(hundred!.what).to.have.length(100);
    hundred!.answer();
    (await nextSent())[0]!.answer();
    for (const name of ['a/1', 'b/1', 'c/1']) append(name, 'x'.repeat(499_000));
    append('d/1', 'x'.repeat(2_000_000));
    const [two] = await nextSent();
    two!.answer();
    const [one] = await nextSent();
    one!.answer();
    expect([...what([two!, one!]), ...what(await nextSent())]).to.deep.equal([
      ['skip', 'a/1', 'b/1'],
      ['skip', 'c/1'],
      ['skip', 'd/1'],
    ]);
  });

  it('refuses more than it has memory for, and takes appends again when some have gone', async () => {
    append('a/1');
    const [first] = await nextSent();
    for (let n = 2; n <= 5; n += 1) append(`a/${n}`, 'x'.repeat(20_000_000));
    append('b/1');
    await turn();
    expect(ended).to.deep.equal(['b/1 store_unavailable']);
    first!.answer();
    await turn();
    append('b/1');
    expect(what(await nextSent()).at(-1)).to.deep.equal(['skip', 'b/1']);
  });

  describe('while PostgreSQL is away', () => {
    let clock: SinonFakeTimers;

    beforeEach(() => {
      clock = useFakeTimers({ toFake: ['performance'] });
    });
    afterEach(() => clock.restore());

    it('refuses those with it that waited long for a statement that failed, and tries the others', async () => {
      append('a/1');
      const [first] = await nextSent();
      append('a/2');
      clock.tick(1_000);
      append('a/3');
      clock.tick(100);
      first!.fail(storeErrors.storeUnavailable());
      expect(what(await nextSent())).to.deep.equal([['skip', 'a/3']]);
      expect(ended).to.deep.equal(['a/1 store_unavailable', 'a/2 store_unavailable']);
    });

    it('refuses none of another thread where one alone was waited for too long', async () => {
      append('a/1');
      (await nextSent())[0]!.answer(['a/1']);
      const [waiting] = await nextSent();
      append('b/1');
      append('c/1');
      const [others] = await nextSent();
      for (const name of ['a/2', 'b/2']) append(name);
      clock.tick(1_000);
      waiting!.fail(storeErrors.storeUnavailable());
      await turn();
      expect(ended).to.deep.equal(['a/1 store_unavailable', 'a/2 store_unavailable']);
      others!.answer();
      expect(what(await nextSent())).to.deep.equal([['skip', 'b/2']]);
    });
  });
});
