/** Responses of the HTTP API, as far as the library's commands read them. */

export type Page<T> = Readonly<{ items: readonly T[]; next_cursor: string | null }>;

export type Source = Readonly<{ id: string; title: string; edition: string | null }>;

export type Document = Readonly<{ id: string; title: string; status: string; passages: number; error: string | null }>;

export type Job = Readonly<{
  id: string;
  status: string;
  progress: Readonly<{ done: number; note: string | null }>;
  error: string | null;
}>;

export type FoundPassage = Readonly<{
  rank: number;
  source: Readonly<{ title: string }>;
  heading_path: string;
  page_label: string | null;
  time_code: string | null;
}>;

export type Answer = Readonly<{
  answer: string | null;
  citations: readonly Readonly<{ number: number }>[];
  passages: readonly FoundPassage[];
}>;
