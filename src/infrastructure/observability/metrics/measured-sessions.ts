/** Sessions that count what begins and what ends. */
import type * as prom from 'prom-client';
import type { RetainedSession, Sessions } from '#application/identity/ports.ts';
import type { Session } from '#domain/identity/session.ts';
import type { UserId } from '#domain/shared/ids.ts';
import type { Instruments } from './instruments.ts';

export class SessionMetrics {
  readonly begun: prom.Counter;
  readonly ended: prom.Counter<'by'>;

  constructor(instruments: Instruments) {
    this.begun = instruments.counter({
      name: 'tavernkeep_sessions_begun_total',
      help: 'Sessions that began.',
    });
    this.ended = instruments.counter({
      name: 'tavernkeep_sessions_ended_total',
      help: 'Sessions that were ended: one by one (one), or all of a user at once (user). Others expire.',
      labels: ['by'],
      known: [{ by: 'one' }, { by: 'user' }],
    });
  }
}

export class MeasuredSessions implements Sessions {
  readonly #sessions: Sessions;
  readonly #metrics: SessionMetrics;

  constructor(sessions: Sessions, metrics: SessionMetrics) {
    this.#sessions = sessions;
    this.#metrics = metrics;
  }

  async begin(session: Session, perUser: number): Promise<void> {
    await this.#sessions.begin(session, perUser);
    this.#metrics.begun.inc();
  }

  find(digest: string, now: Date): Promise<Session | undefined> {
    return this.#sessions.find(digest, now);
  }

  touch(session: Session): Promise<void> {
    return this.#sessions.touch(session);
  }

  async end(digest: string): Promise<void> {
    await this.#sessions.end(digest);
    this.#metrics.ended.inc({ by: 'one' });
  }

  count(now: Date): Promise<number> {
    return this.#sessions.count(now);
  }

  listByUser(userId: UserId, now: Date): Promise<readonly Session[]> {
    return this.#sessions.listByUser(userId, now);
  }

  async endByUser(userId: UserId, now: Date, retained?: RetainedSession): Promise<readonly Session[]> {
    const ended = await this.#sessions.endByUser(userId, now, retained);
    this.#metrics.ended.inc({ by: 'user' }, ended.length);
    return ended;
  }
}
