import type { CallControl, CallView, OriginateCommand } from '@legato/b2bua';
import { CALL_ID, createCallSchema, hangUpCallSchema, listCallsSchema } from '@legato/contracts';
import type { CreateCall, HangUpCall, ListCalls } from '@legato/contracts';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Admission } from '../calls/admission';
import { askedApplication } from '../calls/asked-application';
import type { FlowLibrary } from '../flows/flow-library';
import { IdPipe } from '../http/id.pipe';
import { ProblemException } from '../http/problem.exception';
import { ZodPipe } from '../http/zod.pipe';
import { MediaServers } from '../media-servers/media-servers';
import { CALL_CONTROL, FLOW_LIBRARY } from '../tokens';
import { accepted, found } from './answer';
import { checkUris } from './sip-uris';

const callId = new IdPipe(CALL_ID, 'call_not_found');

function targetOf({ flow, conference, webhook }: CreateCall): Pick<OriginateCommand, 'target' | 'document'> {
  if (webhook !== undefined) return askedApplication({ url: webhook });
  if (flow !== undefined) return { target: { kind: 'flow', name: flow } };
  return conference === undefined ? {} : { target: { kind: 'conference', name: conference } };
}

function toCommand(body: CreateCall): OriginateCommand {
  const { from, to, mode, timeout_s, max_duration_s, metadata, record } = body;
  return {
    from,
    to,
    mode,
    ...targetOf(body),
    ...(timeout_s === undefined ? {} : { timeoutMs: timeout_s * 1000 }),
    ...(max_duration_s === undefined ? {} : { maxDurationMs: max_duration_s * 1000 }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(record === undefined ? {} : { record: { channels: record.channels } }),
  };
}

/** Resource `calls`. */
@Controller('v1/calls')
export class CallsController {
  constructor(
    @Inject(CALL_CONTROL) private readonly calls: CallControl,
    private readonly admission: Admission,
    private readonly mediaServers: MediaServers,
    @Inject(FLOW_LIBRARY) private readonly flows: FlowLibrary,
  ) {}

  @Post()
  @HttpCode(202)
  async create(
    @Body(new ZodPipe(createCallSchema, 'body')) body: CreateCall,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CallView> {
    if (!this.admission.open) throw new ProblemException('shutting_down');
    checkUris(body);
    this.checkWebhook(body);
    if (body.mode === 'anchored' && !this.mediaServers.pool.takesWork)
      throw new ProblemException('no_media_server');
    if (body.flow !== undefined && !(await this.flows.isActive(body.flow)))
      throw new ProblemException('flow_not_active');
    const call = accepted(await this.calls.originate(toCommand(body)));
    response.setHeader('Location', `/v1/calls/${call.id}`);
    return call;
  }

  /** An address that is not public is refused at once where the URL shows it. */
  private checkWebhook({ webhook }: CreateCall): void {
    const detail = webhook === undefined ? undefined : this.flows.judgeUrl(webhook);
    if (detail !== undefined) throw ProblemException.invalidFields([{ pointer: '/webhook', detail }]);
  }

  @Get()
  async list(@Query(new ZodPipe(listCallsSchema, 'query')) query: ListCalls): Promise<object> {
    const { data, next } = await this.calls.listCalls({
      limit: query.limit,
      ...(query.cursor === undefined ? {} : { after: query.cursor }),
      ...(query.state === undefined ? {} : { state: query.state }),
    });
    return { data, next_cursor: next ?? null, has_more: next !== undefined };
  }

  @Get(':id')
  async read(@Param('id', callId) id: string): Promise<CallView> {
    return found(await this.calls.getCall(id), 'call_not_found');
  }

  @Post(':id/hangup')
  @HttpCode(202)
  async hangUp(
    @Param('id', callId) id: string,
    @Body(new ZodPipe(hangUpCallSchema, 'body')) body: HangUpCall,
  ): Promise<CallView> {
    return accepted(await this.calls.hangup(id, body));
  }
}
