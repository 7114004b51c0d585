/** How the tasks end that run behind the requests. */
import type * as prom from 'prom-client';
import type { Instruments } from './instruments.ts';

export class BackgroundMetrics {
  readonly #runs: prom.Counter<'task' | 'outcome'>;

  constructor(instruments: Instruments) {
    this.#runs = instruments.counter({
      name: 'tavernkeep_background_task_runs_total',
      help: 'Runs of the tasks behind the requests, by how they ended: done or failed.',
      labels: ['task', 'outcome'],
    });
  }

  /** The failures of these tasks begin at 0. */
  expect(tasks: readonly Readonly<{ name: string }>[]): void {
    for (const { name: task } of tasks) this.#runs.inc({ task, outcome: 'failed' }, 0);
  }

  readonly record = (task: string, outcome: 'done' | 'failed'): void => {
    this.#runs.inc({ task, outcome });
  };
}
