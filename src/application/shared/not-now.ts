/** Thrown by a step that needs something which is away: the job waits, and no attempt is counted. */
export class NotNow extends Error {
  /** For so long it waits at least. */
  readonly afterSeconds: number;

  constructor(message: string, afterSeconds: number) {
    super(message);
    this.name = 'NotNow';
    this.afterSeconds = afterSeconds;
  }
}
