/** What every context's stores put out of date in the cache, once; only the composition root reads it. */
import { rightsInvalidations } from './identity/cached-rights.ts';
import { sourcesInvalidations } from './library/cached-sources.ts';

export const invalidations = { ...rightsInvalidations, ...sourcesInvalidations };
