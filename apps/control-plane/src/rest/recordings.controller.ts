import type { CallControl, RecordingView } from '@legato/b2bua';
import { RECORDING_ID } from '@legato/contracts';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { IdPipe } from '../http/id.pipe';
import { ProblemException } from '../http/problem.exception';
import { ZodPipe } from '../http/zod.pipe';
import { CALL_CONTROL, CONFIG } from '../tokens';
import type { Config } from '../config/config';
import { accepted, found, recordingDocument } from './answer';
import { openRecordingFile } from './recording-file';
import { sendFile } from './send-file';

const recordingId = new IdPipe(RECORDING_ID, 'recording_not_found');

/** Resource `recordings`. */
@Controller('v1/recordings')
export class RecordingsController {
  constructor(
    @Inject(CALL_CONTROL) private readonly calls: CallControl,
    @Inject(CONFIG) private readonly config: Pick<Config, 'recordingsDir'>,
  ) {}

  @Get(':id')
  async read(@Param('id', recordingId) id: string): Promise<object> {
    return recordingDocument(await this.recording(id));
  }

  @Post(':id/stop')
  @HttpCode(202)
  async stop(
    @Param('id', recordingId) id: string,
    @Body(new ZodPipe(z.strictObject({}), 'body')) _body: object,
  ): Promise<object> {
    return recordingDocument(accepted(await this.calls.stopRecording(id)));
  }

  @Get(':id/media')
  async media(
    @Param('id', recordingId) id: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const recording = await this.recording(id);
    if (recording.state !== 'completed') {
      throw new ProblemException('recording_not_completed', {
        detail: `The recording is ${recording.state}.`,
      });
    }
    const file = await openRecordingFile(recording, this.config.recordingsDir);
    if (!file) throw new ProblemException('media_not_found');
    await sendFile(request, response, file, `${recording.id}.wav`);
  }

  private async recording(id: string): Promise<RecordingView> {
    return found(
      RECORDING_ID.test(id) ? await this.calls.getRecording(id) : undefined,
      'recording_not_found',
    );
  }
}
