/** How busy the event loop is, for what can wait. */

export interface EventLoopLoad {
  /** The share of the time since this was asked last in which the event loop was busy: 0 to 1. */
  share(): number;
}

export class MeasuredEventLoopLoad implements EventLoopLoad {
  #asked = performance.eventLoopUtilization();

  share(): number {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, this.#asked);
    this.#asked = now;
    return utilization;
  }
}
