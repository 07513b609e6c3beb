import { openApiDocument } from '@legato/contracts';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { SwaggerModule } from '@nestjs/swagger';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { NextFunction, Request, Response } from 'express';
import { VERSION } from '../version';

/** Swagger UI brings its own style and draws its icons as data. */
const PAGE_POLICY =
  "default-src 'none'; connect-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

/** The page at /docs to read and try the interface; its assets come from this process. */
export function serveDocsPage(app: NestExpressApplication): void {
  app.use('/docs', (_request: Request, response: Response, next: NextFunction) => {
    response.setHeader('Content-Security-Policy', PAGE_POLICY);
    next();
  });
  const document = () => openApiDocument(VERSION) as unknown as OpenAPIObject;
  SwaggerModule.setup('docs', app, document, { raw: false, customSiteTitle: 'Legato REST interface' });
}
