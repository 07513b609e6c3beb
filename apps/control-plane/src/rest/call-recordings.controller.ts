import type { CallControl } from '@legato/b2bua';
import { CALL_ID, recordingOptions } from '@legato/contracts';
import type { RecordingOptions } from '@legato/contracts';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import type { Response } from 'express';
import { IdPipe } from '../http/id.pipe';
import { ZodPipe } from '../http/zod.pipe';
import { CALL_CONTROL } from '../tokens';
import { accepted, found, recordingDocument } from './answer';

const callId = new IdPipe(CALL_ID, 'call_not_found');

/** The recordings of one call. */
@Controller('v1/calls/:id/recordings')
export class CallRecordingsController {
  constructor(@Inject(CALL_CONTROL) private readonly calls: CallControl) {}

  @Post()
  @HttpCode(202)
  async create(
    @Param('id', callId) id: string,
    @Body(new ZodPipe(recordingOptions, 'body')) body: RecordingOptions,
    @Res({ passthrough: true }) response: Response,
  ): Promise<object> {
    const { channels, max_s } = body;
    const options = { channels, ...(max_s === undefined ? {} : { maxMs: max_s * 1000 }) };
    const recording = accepted(await this.calls.startRecording(id, options));
    response.setHeader('Location', `/v1/recordings/${recording.id}`);
    return recordingDocument(recording);
  }

  @Get()
  async list(@Param('id', callId) id: string): Promise<object> {
    const recordings = await this.calls.listRecordings(id);
    const data = found(recordings, 'call_not_found').map(recordingDocument);
    return { data, next_cursor: null, has_more: false };
  }
}
