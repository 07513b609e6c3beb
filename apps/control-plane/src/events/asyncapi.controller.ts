import { asyncApiDocument } from '@legato/contracts';
import type { AsyncApiDocument } from '@legato/contracts';
import { Controller, Get } from '@nestjs/common';
import { VERSION } from '../version';

/** The description of the events, made from the table that they are checked with. */
@Controller('v1/asyncapi.json')
export class AsyncApiController {
  private document: AsyncApiDocument | undefined;

  @Get()
  read(): AsyncApiDocument {
    return (this.document ??= asyncApiDocument(VERSION));
  }
}
