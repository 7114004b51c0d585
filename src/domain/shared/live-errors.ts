/** Refusals of live streams, whatever they tell of. */
import { refusal } from './domain-error.ts';

export const liveErrors = {
  liveStreamsFull: refusal(
    'conflict',
    'live_streams_full',
    'You have as many live streams open as a user can have at once. Close one, and try again.',
  ),
  liveStreamsBusy: refusal(
    'unavailable',
    'live_streams_busy',
    'This server has as many live streams open as it can have. Try again in a moment.',
  ),
};
