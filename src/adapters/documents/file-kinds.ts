/** Tells use cases what a file is, by its beginning and its size. */
import type { FileKinds } from '#application/library/documents/reading.ts';
import { HEAD_BYTES, kindOf } from './kind.ts';
import { checkSize } from './read-document.ts';

export const fileKinds: FileKinds = {
  // One more than is looked at tells whether that is all.
  headBytes: HEAD_BYTES + 1,
  kindOf({ head, bytes, name }) {
    const kind = kindOf(head, name);
    checkSize(kind, bytes);
    return kind;
  },
};
