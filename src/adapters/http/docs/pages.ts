/** What a browser sees: the web client at `/`, the API's documents, and the headers that protect both. */
import express, { type Response } from 'express';
import helmet from 'helmet';
import { nameExchange } from '../pipeline/outside.ts';
import type { DocumentedRefusal } from './documented-refusals.ts';
import type { OpenApi } from './openapi.ts';
import { referencePage } from './reference-page.ts';

export type PageOptions = Readonly<{
  /** Folder of the web client's files. */
  webRoot: string;
  /** Made when it is first asked for, like the page of it. */
  openApi(): OpenApi;
  refusals(): readonly DocumentedRefusal[];
  secure: boolean;
}>;

export function pages({ webRoot, openApi, refusals, secure }: PageOptions): express.Router {
  const router = express.Router({ caseSensitive: true });
  router.use(protection(secure));
  const api = once(openApi);
  // One buffer for all answers: a string would be copied for each.
  const document = once(() => Buffer.from(JSON.stringify(api())));
  router.get('/api/v1/openapi.json', (_request, response) => {
    response.type('application/json').send(document());
  });
  const reference = once(() => Buffer.from(referencePage(api(), refusals())));
  router.get('/docs', (_request, response) => {
    response.type('html').send(reference());
  });
  const named = ({ req }: Response) => nameExchange(req, '(page)');
  router.use(express.static(webRoot, { index: 'index.html', maxAge: 0, setHeaders: named }));
  return router;
}

function once<Made>(make: () => Made): () => Made {
  let made: Made | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** No script, style or frame but our own files. */
function protection(secure: boolean): express.RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
    },
    strictTransportSecurity: secure,
  });
}
