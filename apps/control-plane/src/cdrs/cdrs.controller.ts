import type { CdrLog } from '@legato/b2bua';
import { listCdrsSchema } from '@legato/contracts';
import type { ListCdrs } from '@legato/contracts';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ZodPipe } from '../http/zod.pipe';
import { CDR_LOG } from '../tokens';

/** Call detail records, to be fetched from time to time: the cursor stays good when there is nothing more. */
@Controller('v1/cdrs')
export class CdrsController {
  constructor(@Inject(CDR_LOG) private readonly log: CdrLog) {}

  @Get()
  async list(@Query(new ZodPipe(listCdrsSchema, 'query')) query: ListCdrs): Promise<object> {
    const { cdrs, next, hasMore } = await this.log.read(query.cursor, query.limit);
    const data = cdrs.map(({ cdr }) => JSON.parse(cdr) as unknown);
    return { data, next_cursor: next === '' ? null : next, has_more: hasMore };
  }
}
