/** Jobs as rows: the model, and the mapping both ways. */
import type { Model, ModelStatic, Sequelize } from 'sequelize';
import { JOB_STATUSES, type Job, type JobData, type JobStatus } from '#domain/jobs/job.ts';
import type { JobId, UserId } from '#domain/shared/ids.ts';
import { known } from '#domain/shared/vocabulary.ts';
import { bigint, boolean, dateFrom, integer, nullable, primaryKey, reference, text, time } from '../shared/columns.ts';

export type JobRow = {
  id: string;
  kind: string;
  job_key: string;
  workspace_id: string | null;
  requested_by: string | null;
  status: string;
  progress_done: number;
  progress_total: number | null;
  progress_note: string | null;
  attempts: number;
  error: string | null;
  created_at: number;
  started_at: number | null;
  finished_at: number | null;
  payload: string;
  checkpoint: string | null;
  cancel_requested: boolean;
  due_at: number;
  token: number;
};

export type JobModel = ModelStatic<Model<JobRow>>;

export function defineJobs(sequelize: Sequelize): JobModel {
  return sequelize.define<Model<JobRow>>(
    'job',
    {
      id: primaryKey(text()),
      kind: text(),
      job_key: text(),
      workspace_id: nullable(text()),
      requested_by: nullable(reference('users')),
      status: text(),
      progress_done: bigint(),
      progress_total: nullable(bigint()),
      progress_note: nullable(text()),
      attempts: integer(),
      error: nullable(text()),
      created_at: time(),
      started_at: nullable(time()),
      finished_at: nullable(time()),
      payload: text(),
      checkpoint: nullable(text()),
      cancel_requested: boolean(),
      due_at: time(),
      token: integer(),
    },
    { tableName: 'jobs', timestamps: false },
  );
}

export function jobFrom(row: JobRow): Job {
  const { progress_total: total } = row;
  return {
    id: row.id as JobId,
    kind: row.kind,
    key: row.job_key,
    workspaceId: row.workspace_id,
    requestedBy: row.requested_by as UserId | null,
    status: row.status as JobStatus,
    progress: {
      done: Number(row.progress_done),
      total: total === null ? null : Number(total),
      note: row.progress_note,
    },
    attempts: row.attempts,
    error: row.error,
    createdAt: dateFrom(row.created_at),
    startedAt: dateFrom(row.started_at),
    finishedAt: dateFrom(row.finished_at),
    payload: JSON.parse(row.payload) as JobData,
    checkpoint: row.checkpoint === null ? null : (JSON.parse(row.checkpoint) as JobData),
    cancelRequested: Boolean(row.cancel_requested),
    dueAt: dateFrom(row.due_at),
    token: row.token,
  };
}

export function rowOf(job: Job): JobRow {
  return {
    id: job.id,
    kind: job.kind,
    job_key: job.key,
    workspace_id: job.workspaceId,
    requested_by: job.requestedBy,
    created_at: job.createdAt.getTime(),
    payload: JSON.stringify(job.payload),
    cancel_requested: job.cancelRequested,
    token: job.token,
    ...heldColumns(job),
  };
}

/** What whoever runs a job may change of it. That somebody wants it to end is not among it. */
export function heldColumns(job: Job) {
  return {
    status: known(JOB_STATUSES, job.status),
    progress_done: job.progress.done,
    progress_total: job.progress.total,
    progress_note: job.progress.note,
    attempts: job.attempts,
    error: job.error,
    started_at: job.startedAt?.getTime() ?? null,
    finished_at: job.finishedAt?.getTime() ?? null,
    checkpoint: job.checkpoint === null ? null : JSON.stringify(job.checkpoint),
    due_at: job.dueAt.getTime(),
  };
}
