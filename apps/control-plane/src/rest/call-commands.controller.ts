import type { CallCommands, CommandedCall } from '@legato/b2bua';
import {
  answerCallSchema,
  bridgeCallSchema,
  CALL_ID,
  dtmfCallSchema,
  infoCallSchema,
  moveCallSchema,
  muteCallSchema,
  rejectCallSchema,
} from '@legato/contracts';
import type {
  AnswerCall,
  BridgeCall,
  DtmfCall,
  InfoCall,
  MoveCall,
  MuteCall,
  RejectCall,
} from '@legato/contracts';
import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { IdPipe } from '../http/id.pipe';
import { ZodPipe } from '../http/zod.pipe';
import { CALL_COMMANDS } from '../tokens';
import { accepted } from './answer';
import { checkUriFields } from './sip-uris';

const callId = new IdPipe(CALL_ID, 'call_not_found');
const empty = new ZodPipe(z.strictObject({}), 'body');
const inMs = (seconds: number) => seconds * 1000;

/** What can be done with a call while it lives. */
@Controller('v1/calls/:id')
export class CallCommandsController {
  constructor(@Inject(CALL_COMMANDS) private readonly calls: CallCommands) {}

  @Post('answer')
  @HttpCode(202)
  async answer(
    @Param('id', callId) id: string,
    @Body(new ZodPipe(answerCallSchema, 'body')) { max_duration_s }: AnswerCall,
  ): Promise<CommandedCall> {
    const options = max_duration_s === undefined ? {} : { maxDurationMs: inMs(max_duration_s) };
    return accepted(await this.calls.answer(id, options));
  }

  @Post('reject')
  @HttpCode(202)
  async reject(
    @Param('id', callId) id: string,
    @Body(new ZodPipe(rejectCallSchema, 'body')) body: RejectCall,
  ): Promise<CommandedCall> {
    return accepted(await this.calls.reject(id, body));
  }

  @Post('bridge')
  @HttpCode(202)
  async bridge(
    @Param('id', callId) id: string,
    @Body(new ZodPipe(bridgeCallSchema, 'body')) body: BridgeCall,
  ): Promise<CommandedCall> {
    const { to, mode, timeout_s, on_hangup } = body;
    checkUriFields([['/to', to]]);
    const command = { to, mode, stays: on_hangup === 'continue' };
    const timeout = timeout_s === undefined ? {} : { timeoutMs: inMs(timeout_s) };
    return accepted(await this.calls.bridge(id, { ...command, ...timeout }));
  }

  @Post('hold')
  @HttpCode(202)
  async hold(@Param('id', callId) id: string, @Body(empty) _body: object): Promise<CommandedCall> {
    return accepted(await this.calls.hold(id));
  }

  @Post('resume')
  @HttpCode(202)
  async resume(@Param('id', callId) id: string, @Body(empty) _body: object): Promise<CommandedCall> {
    return accepted(await this.calls.resume(id));
  }

  @Post('mute')
  @HttpCode(202)
  async mute(
    @Param('id', callId) id: string,
    @Body(new ZodPipe(muteCallSchema, 'body')) { leg }: MuteCall,
  ): Promise<CommandedCall> {
    return accepted(await this.calls.mute(id, leg));
  }

  @Post('unmute')
  @HttpCode(202)
  async unmute(
    @Param('id', callId) id: string,
    @Body(new ZodPipe(muteCallSchema, 'body')) { leg }: MuteCall,
  ): Promise<CommandedCall> {
    return accepted(await this.calls.unmute(id, leg));
  }

  @Post('dtmf')
  @HttpCode(202)
  async dtmf(
    @Param('id', callId) id: string,
    @Body(new ZodPipe(dtmfCallSchema, 'body')) body: DtmfCall,
  ): Promise<CommandedCall> {
    const { leg, digits, duration_ms: durationMs, interval_ms: intervalMs } = body;
    return accepted(await this.calls.sendDigits(id, { leg, digits, durationMs, intervalMs }));
  }

  @Post('info')
  @HttpCode(202)
  async info(
    @Param('id', callId) id: string,
    @Body(new ZodPipe(infoCallSchema, 'body')) { leg, content_type: contentType, body }: InfoCall,
  ): Promise<CommandedCall> {
    return accepted(await this.calls.sendInfo(id, { leg, contentType, body }));
  }

  @Post('move')
  @HttpCode(202)
  async move(
    @Param('id', callId) id: string,
    @Body(new ZodPipe(moveCallSchema, 'body')) { mode }: MoveCall,
  ): Promise<CommandedCall> {
    return accepted(await this.calls.move(id, mode));
  }
}
