import type { RecordingCommands, RecordingRequest } from '@legato/b2bua';
import { CALL_ID, recordingOptions } from '@legato/contracts';
import type { RecordingOptions } from '@legato/contracts';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import type { Response } from 'express';
import { IdPipe } from '../http/id.pipe';
import { ZodPipe } from '../http/zod.pipe';
import { RECORDING_COMMANDS } from '../tokens';
import { accepted, found, recordingDocument } from './answer';

const callId = new IdPipe(CALL_ID, 'call_not_found');

const milliseconds = <Name extends string>(name: Name, seconds: number | undefined) =>
  seconds === undefined ? {} : ({ [name]: seconds * 1000 } as Record<Name, number>);

function toRequest(body: RecordingOptions): RecordingRequest {
  const { channels, leg, sample_rate_hz, beep, trim } = body;
  return {
    channels,
    ...(leg === undefined ? {} : { leg }),
    ...(sample_rate_hz === undefined ? {} : { sampleRateHz: sample_rate_hz }),
    ...milliseconds('maxMs', body.max_s),
    ...milliseconds('maxSilenceMs', body.max_silence_s),
    ...milliseconds('maxInitialSilenceMs', body.max_initial_silence_s),
    ...(beep ? { beep } : {}),
    ...(trim ? { trim } : {}),
  };
}

/** The recordings of one call. */
@Controller('v1/calls/:id/recordings')
export class CallRecordingsController {
  constructor(@Inject(RECORDING_COMMANDS) private readonly recordings: RecordingCommands) {}

  @Post()
  @HttpCode(202)
  async create(
    @Param('id', callId) id: string,
    @Body(new ZodPipe(recordingOptions, 'body')) body: RecordingOptions,
    @Res({ passthrough: true }) response: Response,
  ): Promise<object> {
    const recording = accepted(await this.recordings.startRecording(id, toRequest(body)));
    response.setHeader('Location', `/v1/recordings/${recording.id}`);
    return recordingDocument(recording);
  }

  @Get()
  async list(@Param('id', callId) id: string): Promise<object> {
    const recordings = await this.recordings.listRecordings(id);
    const data = found(recordings, 'call_not_found').map(recordingDocument);
    return { data, next_cursor: null, has_more: false };
  }
}
