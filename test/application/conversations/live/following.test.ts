/**
 * Whatever is lost, delayed, checked or moved to another process: who follows a conversation is told its transcript,
 * once and in order.
 */
import { expect } from 'chai';
import fc from 'fast-check';
import { EmbeddedEventBus } from '#adapters/embedded/event-bus.ts';
import type { MemoryDatabase } from '#adapters/memory/database.ts';
import { UsageReader } from '#application/conversations/context/usage-reader.ts';
import { WindowReader } from '#application/conversations/context/window-reader.ts';
import type { Follower, Following, ResumeFrom } from '#application/conversations/live/following.ts';
import type { LiveEvent, ThreadPosition } from '#application/conversations/live/live-event.ts';
import { LiveReader } from '#application/conversations/live/live-reader.ts';
import { ThreadFeeds } from '#application/conversations/live/thread-feeds.ts';
import { withEvents } from '#application/conversations/thread-events.ts';
import type { AccessChange } from '#application/shared/access/access-change.ts';
import { LiveSlots } from '#application/shared/live-slots.ts';
import { storeErrors } from '#application/shared/store-errors.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import { charsDiv4 } from '#domain/conversations/usage.ts';
import { actorErrors, type UserActor } from '#domain/shared/actor.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import { policyOf } from '../../../support/builders/appending.ts';
import { aPrivateTalk, conversing } from '../../../support/builders/conversing.ts';
import { FlakyBus } from '../../../support/builders/flaky-bus.ts';
import { aUser } from '../../../support/builders/records.ts';
import { refusalOf } from '../../../support/reporting/refusals.ts';
import { until } from '../../../support/until.ts';

/** A server's part of it. */
class Process {
  readonly bus = new FlakyBus();
  readonly changes = new EmbeddedEventBus<AccessChange>();
  readonly feeds: ThreadFeeds;
  readonly say: (content: string) => Promise<unknown>;
  readonly compact: () => Promise<unknown>;
  readonly #database: MemoryDatabase;
  readonly #owner: UserActor;
  readonly #thread: ThreadId;
  /** What the check of access throws; null where the follower may go on. */
  refusal: Error | null = null;

  constructor(database: MemoryDatabase, owner: UserActor, thread: ThreadId, perUser = 0) {
    this.#database = database;
    this.#owner = owner;
    this.#thread = thread;
    const conversations = withEvents({ conversations: database.conversations, events: this.bus });
    const talk = conversing({ ...database, conversations });
    this.say = (content) => talk.say(owner, thread, content);
    this.compact = () =>
      talk.compact.execute(owner, { threadId: thread, dryRun: false, strategies: null }).catch(() => undefined);
    const settings = { policy: policyOf({ maxTokens: 1_000 }), estimator: charsDiv4 };
    const counter = { sizesOf: async (texts: readonly string[]) => texts.map(charsDiv4.size) };
    const usages = new UsageReader({ windows: new WindowReader({ conversations, counter, settings }), settings });
    const reader = new LiveReader({ threads: database.threads, conversations, usages });
    const slots = new LiveSlots({ limits: { perUser, perProcess: 4 } });
    this.feeds = new ThreadFeeds({ reader, events: this.bus, accessChanges: this.changes, slots });
  }

  async follow(from?: ResumeFrom): Promise<Following> {
    const thread = await this.#database.threads.find(this.#thread);
    if (thread === undefined) throw new Error('There is no such thread.');
    const authentication = { actor: this.#owner, user: aUser(), credential: { session: null, token: null } };
    const checkAccess = async () => {
      if (this.refusal !== null) throw this.refusal;
    };
    return this.feeds.follow({ thread, authentication, from, checkAccess });
  }
}

/** Applies what it is told, as a client does. */
class Applying implements Follower {
  readonly events: LiveEvent[] = [];
  readonly seqs: number[] = [];
  last: ThreadPosition | undefined;
  isOver = false;
  #stalled: PromiseWithResolvers<void> | null = null;

  tell(event: LiveEvent): void {
    this.events.push(event);
    if (event.kind === 'message') this.seqs.push(event.message.seq);
    if ('at' in event) this.last = event.at;
  }

  drained(): Promise<void> {
    return this.#stalled?.promise ?? Promise.resolve();
  }

  end(failure?: unknown): void {
    if (failure !== undefined) throw failure;
    this.isOver = true;
  }

  /** Takes nothing until `read` is called. */
  stall(): void {
    this.#stalled ??= Promise.withResolvers();
  }

  read(): void {
    this.#stalled?.resolve();
    this.#stalled = null;
  }
}

const RARE = ['away', 'back', 'hold', 'release', 'stall', 'read'] as const;

/** One client, who moves between two servers while things happen. */
class Play {
  readonly #client = new Applying();
  readonly #processes: readonly [Process, Process];
  readonly #thread: () => Promise<Thread | undefined>;
  #following: Following;

  private constructor(
    processes: readonly [Process, Process],
    following: Following,
    thread: () => Promise<Thread | undefined>,
  ) {
    this.#processes = processes;
    this.#following = following;
    this.#thread = thread;
  }

  static async begin(database: MemoryDatabase, owner: UserActor, id: ThreadId): Promise<Play> {
    const processes = [new Process(database, owner, id), new Process(database, owner, id)] as const;
    processes[0].bus.link(processes[1].bus);
    processes[1].bus.link(processes[0].bus);
    const play = new Play(processes, await processes[0].follow(), () => database.threads.find(id));
    play.#following.start(play.#client);
    // Who was told nothing yet has nothing to go on from.
    await until(() => play.#client.last !== undefined, 'the usage');
    return play;
  }

  say = (at: 0 | 1) => this.#processes[at].say(`We go on, for the ${'long '.repeat(20)}way.`);
  compact = (at: 0 | 1) => this.#processes[at].compact();
  wait = () => quiet();
  stall = async () => this.#client.stall();
  read = async () => this.#client.read();
  away = async (at: 0 | 1) => this.#setAway(at, true);
  back = async (at: 0 | 1) => this.#setAway(at, false);
  hold = (at: 0 | 1) => this.#check(at, storeErrors.storeUnavailable());
  release = (at: 0 | 1) => this.#check(at, null);

  async move(at: 0 | 1): Promise<void> {
    this.#following.close();
    this.#following = await this.#processes[at].follow(this.#client.last);
    this.#following.start(this.#client);
  }

  /** The client has everything, once everything is as it should be again. */
  async end(): Promise<void> {
    this.#client.read();
    for (const at of [0, 1] as const) await this.release(at);
    const { lastSeq, revision } = (await this.#thread()) ?? { lastSeq: -1, revision: -1 };
    const { events, seqs } = this.#client;
    await until(() => seqs.length >= lastSeq && events.at(-1)?.kind === 'usage', 'the transcript');
    await quiet();
    expect(seqs).to.deep.equal(Array.from({ length: lastSeq }, (_, i) => i + 1));
    const last = events.at(-1);
    const usage = last?.kind === 'usage' ? last.usage : undefined;
    expect(usage).to.include({ messageCount: lastSeq, revision });
    this.#following.close();
    expect(this.#processes.map(({ feeds }) => feeds.followers)).to.deep.equal([0, 0]);
  }

  #setAway(at: 0 | 1, isAway: boolean): void {
    this.#processes[at].bus.isAway = isAway;
  }

  async #check(at: 0 | 1, refusal: Error | null): Promise<void> {
    this.#processes[at].refusal = refusal;
    await this.#processes[at].feeds.refresh();
  }
}

const quiet = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

describe('following a conversation', () => {
  const aProcess = async (perUser?: number) => {
    const { database, owner, thread } = await aPrivateTalk();
    return { database, owner, thread, process: new Process(database, owner, thread, perUser) };
  };

  it('tells a transcript once and in order, whatever is lost, interrupted, unread or moved: a property', async function () {
    this.timeout(60_000);
    const act = fc.constantFrom(...(['say', 'say', 'say', 'compact', 'move', 'wait', ...RARE] as const));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(act, fc.constantFrom(0, 1)), { maxLength: 40 }), async (steps) => {
        const { database, owner, thread } = await aPrivateTalk();
        const play = await Play.begin(database, owner, thread);
        for (const [what, at] of steps) await play[what](at as 0 | 1);
        await play.end();
      }),
      { numRuns: 150, endOnFailure: true },
    );
  });

  it('tells nothing while access cannot be checked, and then what was missed, without a reset', async () => {
    const { process } = await aProcess();
    const client = new Applying();
    (await process.follow()).start(client);
    await until(() => client.events.length === 1, 'the usage');
    process.refusal = storeErrors.storeUnavailable();
    await process.feeds.refresh();
    await process.say('One.');
    await process.feeds.refresh();
    await quiet();
    expect(client.seqs).to.deep.equal([]);
    process.refusal = null;
    await process.feeds.refresh();
    await until(() => client.seqs.length === 1, 'the message');
    await process.say('Two.');
    await until(() => client.seqs.length === 2, 'the next message');
    expect(client.events.map(({ kind }) => kind)).not.to.include('reset');
    expect(client.isOver).to.equal(false);
  });

  it('ends where access is refused, before it tells what came meanwhile', async () => {
    const { process } = await aProcess();
    const client = new Applying();
    (await process.follow()).start(client);
    await until(() => client.events.length === 1, 'the usage');
    process.bus.isAway = true;
    await process.say('Not for you.');
    process.refusal = actorErrors.unauthenticated();
    await process.feeds.refresh();
    expect([client.isOver, client.seqs]).to.deep.equal([true, []]);
    expect(process.feeds.followers).to.equal(0);
  });

  it('checks at once whom a change of access may concern', async () => {
    const { process, owner, thread } = await aProcess();
    for (const change of [
      { of: 'user', id: owner.userId },
      { of: 'thread', id: thread },
      { of: 'everybody' },
    ] as const) {
      const client = new Applying();
      process.refusal = null;
      (await process.follow()).start(client);
      process.refusal = actorErrors.unauthenticated();
      await process.changes.publish('all', { of: 'user', id: 'usr_another' });
      await process.changes.publish('all', { of: 'game', id: 'gam_another' });
      await quiet();
      expect(client.isOver).to.equal(false);
      await process.changes.publish('all', change);
      await until(() => client.isOver, `the end, by ${change.of}`);
    }
  });

  it('reads what happens once, for however many follow', async () => {
    const { process, database } = await aProcess();
    const clients = Array.from({ length: 4 }, () => new Applying());
    for (const client of clients) (await process.follow()).start(client);
    await until(() => clients.every(({ events }) => events.length === 1), 'the usage');
    let read = 0;
    const { messages } = database.conversations;
    database.conversations.messages = (...given) => {
      read += 1;
      return messages.apply(database.conversations, given);
    };
    await process.say('One.');
    await until(() => clients.every(({ seqs }) => seqs.length === 1), 'the message');
    expect(read).to.equal(1);
  });

  it('tells everything at a refresh, however much came while no event did', async () => {
    const { process } = await aProcess();
    const client = new Applying();
    (await process.follow()).start(client);
    await until(() => client.events.length === 1, 'the usage');
    process.bus.isAway = true;
    for (let n = 0; n < 250; n += 1) await process.say('On.');
    await process.feeds.refresh();
    expect(client.seqs).to.deep.equal(Array.from({ length: 250 }, (_, i) => i + 1));
    expect(client.events.filter(({ kind }) => kind === 'reset')).to.deep.equal([]);
  });

  it('is refused beyond the limits of a user and of the process, and has room again after an end', async () => {
    const { process } = await aProcess(2);
    const followings = [await process.follow(), await process.follow()];
    expect(await refusalOf(process.follow())).to.equal('live_streams_full');
    followings[0]?.close();
    followings[0]?.close();
    await process.follow();
    expect(await refusalOf(process.follow())).to.equal('live_streams_full');
    const { process: crowded } = await aProcess();
    for (let n = 0; n < 4; n += 1) await crowded.follow();
    expect(await refusalOf(crowded.follow())).to.equal('live_streams_busy');
  });
});
