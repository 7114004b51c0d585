/** Answers of the HTTP API by the names that a replay has for them. */
import type { Data, Schemas } from '../sdk/sdk.ts';

export type Usage = Schemas['Usage'];
export type Compaction = Schemas['ContextEvent'];
export type Message = Schemas['Message'];
export type WindowNow = Data<'get', '/chat/{thread}'>;
export type Entry = WindowNow['entries'][number];
export type Appended = Data<'post', '/chat/{thread}'>;
