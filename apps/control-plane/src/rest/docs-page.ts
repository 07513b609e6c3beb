import { dirname } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';

/** Swagger UI brings its own style and draws its icons as data. */
const PAGE_POLICY =
  "default-src 'none'; connect-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

/** What it refers to lies below `base`, relative to the address that it was asked by: a proxy may put a prefix before that. */
const pageAt = (base: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <base href="${base}" />
    <title>Legato REST interface</title>
    <link rel="stylesheet" href="swagger-ui.css" />
    <link rel="icon" href="favicon-32x32.png" />
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="swagger-ui-bundle.js"></script>
    <script src="page.js"></script>
  </body>
</html>
`;

const SCRIPT = `SwaggerUIBundle({ url: '../v1/openapi.json', dom_id: '#swagger-ui', deepLinking: true });
`;

/** The page at /docs to read and try the interface; all that it is made of comes from this process. */
export function serveDocsPage(app: NestExpressApplication): void {
  app.use('/docs', (request: Request, response: Response, next: NextFunction) => {
    response.setHeader('Content-Security-Policy', PAGE_POLICY);
    if (request.path === '/') {
      response.type('html').send(pageAt(request.originalUrl.startsWith('/docs/') ? './' : 'docs/'));
    } else if (request.path === '/page.js') response.type('js').send(SCRIPT);
    else next();
  });
  const assets = dirname(require.resolve('swagger-ui-dist/package.json'));
  app.useStaticAssets(assets, { prefix: '/docs', index: false, redirect: false });
}
