/** What requests about users hold. */
import { z } from 'zod';
import { text } from '../declaration/input.ts';

export const email = z.email().max(254);
export const username = text(1, 64).regex(/^[^@\s]+$/, 'must have no space and no "@"');
/** What is good enough is the domain's to say; this bounds what is looked at. */
export const password = text(1, 1_000);
export const displayName = text(1, 100);
