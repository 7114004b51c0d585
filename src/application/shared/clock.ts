/** The time, as a port: tests hold it still or move it. */

export interface Clock {
  now(): Date;
}
