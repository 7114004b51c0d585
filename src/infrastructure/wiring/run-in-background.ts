/** Contributes a task to what runs behind the requests. */
import type { Bind, ServiceIdentifier } from 'inversify';
import type { BackgroundTask } from '../workers/background.ts';
import { tokens } from './tokens.ts';

/** A task made of what `of` stands for. Tasks are finished in the order in which they are contributed. */
export function runInBackground<T>(bind: Bind, of: ServiceIdentifier<T>, task: (service: T) => BackgroundTask): void {
  bind(tokens.backgroundTask)
    .toResolvedValue((service: unknown) => task(service as T), [of as ServiceIdentifier<unknown>])
    .inSingletonScope();
}
