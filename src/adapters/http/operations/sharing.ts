/** One answer for all who ask at the same time. */

/** The same, where whoever asks while an answer is under way waits for that one. */
export function sharing<Answer>(ask: () => Promise<Answer>): () => Promise<Answer> {
  let underWay: Promise<Answer> | null = null;
  return () => {
    underWay ??= ask().finally(() => {
      underWay = null;
    });
    return underWay;
  };
}
