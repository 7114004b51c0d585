/** An answer in time, or none. */
import { LateError } from './failures.ts';

/**
 * What `answer` resolves with; rejects with `LateError` after `ms`. The time is waited for in two parts, and the event
 * loop reads its sockets once more before it is over: where this process was busy, an answer that is there is not late.
 */
export function within<T>(answer: Promise<T>, ms: number): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  let timer = setTimeout(() => {
    timer = setTimeout(() => setImmediate(() => reject(new LateError())), ms / 2);
  }, ms / 2);
  const settled = <Value>(settle: (value: Value) => void) => {
    return (value: Value) => {
      clearTimeout(timer);
      settle(value);
    };
  };
  answer.then(settled(resolve), settled(reject));
  return promise;
}
