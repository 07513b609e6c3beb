import type { CollectCommands, CollectRequest, CollectView } from '@legato/b2bua';
import { CALL_ID, COLLECT_ID, createCollectSchema } from '@legato/contracts';
import type { CreateCollect } from '@legato/contracts';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import type { Response } from 'express';
import { IdPipe } from '../http/id.pipe';
import { ZodPipe } from '../http/zod.pipe';
import { COLLECT_COMMANDS } from '../tokens';
import { accepted, found } from './answer';

const callId = new IdPipe(CALL_ID, 'call_not_found');
const collectId = new IdPipe(COLLECT_ID, 'collect_not_found');

function toRequest(body: CreateCollect): CollectRequest {
  const { leg, prompt = [], barge, retries, sensitive, no_input_prompt, no_match_prompt } = body;
  const { pattern, min = 1, max = min, term } = body;
  return {
    leg,
    prompt,
    barge,
    digits: pattern === undefined ? { min, max, ...(term === undefined ? {} : { term }) } : { pattern },
    firstDigitMs: body.first_digit_ms,
    interDigitMs: body.inter_digit_ms,
    retries,
    sensitive,
    ...(no_input_prompt && { noInputPrompt: no_input_prompt }),
    ...(no_match_prompt && { noMatchPrompt: no_match_prompt }),
  };
}

/** The digits that are asked of the parties of one call. */
@Controller('v1/calls/:id/collects')
export class CollectsController {
  constructor(@Inject(COLLECT_COMMANDS) private readonly collects: CollectCommands) {}

  @Post()
  @HttpCode(202)
  async create(
    @Param('id', callId) id: string,
    @Body(new ZodPipe(createCollectSchema, 'body')) body: CreateCollect,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CollectView> {
    const collect = accepted(await this.collects.startCollect(id, toRequest(body)));
    response.setHeader('Location', `/v1/calls/${id}/collects/${collect.id}`);
    return collect;
  }

  @Get()
  async list(@Param('id', callId) id: string): Promise<object> {
    const data = found(await this.collects.listCollects(id), 'call_not_found');
    return { data, next_cursor: null, has_more: false };
  }

  @Get(':collect')
  async read(
    @Param('id', callId) id: string,
    @Param('collect', collectId) collect: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CollectView> {
    // Digits are for the one who asks, not for what lies between.
    response.setHeader('Cache-Control', 'no-store');
    return found(await this.collects.readCollect(id, collect), 'collect_not_found');
  }

  @Delete(':collect')
  @HttpCode(202)
  async stop(
    @Param('id', callId) id: string,
    @Param('collect', collectId) collect: string,
  ): Promise<CollectView> {
    return accepted(await this.collects.stopCollect(id, collect));
  }
}
