/** What a program imports. */
export type { Data, EventOf, ItemOf, Method, OptionsOf, PathOf, Problem, Schemas } from './calls.ts';
export { type ErrorCode, TavernkeepError } from './errors.ts';
export { type Answer, type ClientOptions, Tavernkeep } from './tavernkeep.ts';
export type { FileOptions } from './upload.ts';
