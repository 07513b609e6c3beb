import type { MediaServerStanding } from '@legato/b2bua';
import type { MediaServerAudit } from '@legato/contracts';
import type { MsmlOutcome } from '@legato/msml';
import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { ProblemException } from '../http/problem.exception';
import { ZodPipe } from '../http/zod.pipe';
import { AUDIT_ALL, auditDocument } from './audit-document';
import { MediaServers } from './media-servers';

const empty = new ZodPipe(z.strictObject({}), 'body');

/** Resource `media-servers`. */
@Controller('v1/media-servers')
export class MediaServersController {
  constructor(private readonly mediaServers: MediaServers) {}

  @Get()
  list(): object {
    const data = this.mediaServers.standings().map((standing) => this.document(standing));
    return { data, next_cursor: null, has_more: false };
  }

  @Get(':id')
  read(@Param('id') id: string): object {
    return this.document(this.standing(id));
  }

  @Post(':id/drain')
  @HttpCode(200)
  drain(@Param('id') id: string, @Body(empty) _body: object): Promise<object> {
    return this.setDrained(id, true);
  }

  @Post(':id/undrain')
  @HttpCode(200)
  undrain(@Param('id') id: string, @Body(empty) _body: object): Promise<object> {
    return this.setDrained(id, false);
  }

  @Get(':id/audit')
  async audit(@Param('id') id: string): Promise<MediaServerAudit> {
    this.standing(id);
    const results = [];
    for (const operation of AUDIT_ALL) {
      const outcome = await this.mediaServers.ask(id, [operation]);
      if (!outcome?.ok) throw refused(outcome);
      results.push(...(outcome.auditResults ?? []));
    }
    return auditDocument(results);
  }

  private async setDrained(id: string, drained: boolean): Promise<object> {
    if (!(await this.mediaServers.drain(id, drained))) throw new ProblemException('media_server_not_found');
    return this.read(id);
  }

  private standing(id: string): MediaServerStanding {
    const standing = this.mediaServers.find(id);
    if (!standing) throw new ProblemException('media_server_not_found');
    return standing;
  }

  private document({ server, state, connections }: MediaServerStanding): object {
    const { id, uri, dialect, weight, capacity } = server;
    const control = this.mediaServers.hasChannel(id);
    return { id, uri, state, dialect, weight, capacity: capacity ?? null, connections, control };
  }
}

/** A request that a media server did not carry out. */
function refused(outcome: MsmlOutcome | undefined): ProblemException {
  if (outcome?.response === undefined) return new ProblemException('media_server_silent');
  const { response: result, description } = outcome;
  const msml = { result, ...(description !== undefined && { description }) };
  return new ProblemException('media_server_refused', { msml });
}
