/** The states of a job, and what leads from one to the next. */
import { expect } from 'chai';
import {
  afterFailure,
  afterStep,
  claimed,
  endedBeforehand,
  isDue,
  type Job,
  postponed,
  queuedJob,
  released,
  retried,
  withCancelRequest,
} from '#domain/jobs/job.ts';
import { aNewJob } from '../../support/builders/jobs.ts';
import { at } from '../../support/builders/records.ts';

const NOW = at(100);
const running = (fields: Partial<Job> = {}): Job => ({ ...claimed(queuedJob(aNewJob()), at(0), at(10)), ...fields });
const secondsUntil = ({ dueAt }: Job) => (dueAt.getTime() - NOW.getTime()) / 1_000;

describe('a job', () => {
  it('is due when it is asked for, and when the lease on it has ended, but not once it has ended itself', () => {
    const job = queuedJob(aNewJob({ createdAt: at(5) }));
    expect([isDue(job, at(4)), isDue(job, at(5))]).to.deep.equal([false, true]);
    const held = claimed(job, at(5), at(15));
    expect([isDue(held, at(14)), isDue(held, at(15))]).to.deep.equal([false, true]);
    for (const status of ['done', 'failed', 'canceled'] as const)
      expect(isDue({ ...held, status }, at(99)), status).to.equal(false);
  });

  it('counts each claim and gives it a token, and keeps when it was first begun', () => {
    const again = claimed(running(), at(20), at(30));
    expect(again).to.include({ status: 'running', attempts: 2, token: 2 });
    expect([again.startedAt, again.dueAt]).to.deep.equal([at(0), at(30)]);
  });

  it('goes on after a step at its checkpoint, with its failures forgotten, and keeps its token', () => {
    const progress = { done: 1, total: 2, note: 'page 1' };
    const job = running({ attempts: 5, error: 'No.', token: 7 });
    const next = afterStep(job, { done: false, progress, checkpoint: { page: 1 } }, NOW);
    expect(next).to.deep.equal({ ...job, progress, checkpoint: { page: 1 }, attempts: 1, error: null });
    expect(afterStep(next, { done: true, progress }, NOW)).to.deep.equal({ ...next, status: 'done', finishedAt: NOW });
  });

  it('waits longer after each failure, half of the pause at least and all of it at most, and fails at the sixth', () => {
    const pauses = [1, 2, 3, 4, 5].map((attempts) =>
      [0, 1].map((random) =>
        secondsUntil(afterFailure(running({ attempts }), 'No.', { now: NOW, random, isEssential: false })),
      ),
    );
    expect(pauses).to.deep.equal([
      [1, 2],
      [4, 8],
      [16, 32],
      [64, 128],
      [256, 512],
    ]);
    const failing = { now: NOW, random: 0, isEssential: false };
    expect(afterFailure(running(), 'No.', failing)).to.include({ status: 'queued', error: 'No.', attempts: 1 });
    const failed = afterFailure(running({ attempts: 6 }), 'No.', failing);
    expect(failed).to.deep.include({ status: 'failed', error: 'No.', attempts: 6, finishedAt: NOW });
  });

  it('counts no attempt that was postponed or given back', () => {
    const job = running({ attempts: 3, checkpoint: { page: 1 } });
    expect(secondsUntil(postponed(job, NOW, 1))).to.equal(2);
    expect(secondsUntil(released(job, NOW))).to.equal(0);
    for (const after of [postponed(job, NOW, 1), released(job, NOW)])
      expect(after).to.deep.include({ status: 'queued', attempts: 2, checkpoint: { page: 1 } });
  });

  it('ends before its first step if somebody cancels it, or if it broke off each of six times', () => {
    expect(endedBeforehand(running(), NOW, false)).to.equal(undefined);
    expect(endedBeforehand(running({ attempts: 6 }), NOW, false)).to.equal(undefined);
    expect(endedBeforehand(running({ cancelRequested: true }), NOW, false)).to.deep.include({
      status: 'canceled',
      finishedAt: NOW,
    });
    const broken = endedBeforehand(running({ attempts: 7 }), NOW, false);
    expect(broken).to.include({ status: 'failed', attempts: 6 });
    expect(broken?.error).to.match(/begun 6 times/);
  });

  it('is tried without an end if it is essential, each ten minutes at last', () => {
    for (const attempts of [6, 7, 500]) {
      const after = afterFailure(running({ attempts }), 'No.', { now: NOW, random: 1, isEssential: true });
      expect(after).to.include({ status: 'queued', error: 'No.', attempts });
      expect(secondsUntil(after)).to.equal(600);
      expect(endedBeforehand(running({ attempts }), NOW, true)).to.equal(undefined);
    }
  });

  it('is canceled at once while it waits, and else by whoever runs it', () => {
    const waiting = queuedJob(aNewJob());
    expect(withCancelRequest(waiting, NOW)).to.deep.equal({ ...waiting, status: 'canceled', finishedAt: NOW });
    expect(withCancelRequest(running(), NOW)).to.include({ status: 'running', cancelRequested: true });
  });

  it('goes on at its checkpoint when it is tried again, with all attempts before it', () => {
    const failed = running({ status: 'failed', attempts: 6, error: 'No.', finishedAt: at(9), cancelRequested: true });
    const again = retried({ ...failed, checkpoint: { page: 1 } }, NOW);
    expect(again).to.deep.include({
      status: 'queued',
      attempts: 0,
      error: null,
      finishedAt: null,
      cancelRequested: false,
      checkpoint: { page: 1 },
      dueAt: NOW,
    });
  });
});
