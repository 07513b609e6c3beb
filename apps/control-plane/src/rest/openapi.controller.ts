import { openApiDocument } from '@legato/contracts';
import type { OpenApiDocument } from '@legato/contracts';
import { Controller, Get } from '@nestjs/common';
import { VERSION } from '../version';

/** The description of the interface, made from the schemas that validate it. */
@Controller('v1/openapi.json')
export class OpenApiController {
  private document: OpenApiDocument | undefined;

  @Get()
  read(): OpenApiDocument {
    return (this.document ??= openApiDocument(VERSION));
  }
}
