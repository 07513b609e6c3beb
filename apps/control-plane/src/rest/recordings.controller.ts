import type { RecordingCommands, RecordingView } from '@legato/b2bua';
import { pauseRecordingSchema, RECORDING_ID } from '@legato/contracts';
import type { PauseRecording, RecordingManifest } from '@legato/contracts';
import type { Clock } from '@legato/kernel';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { IdPipe } from '../http/id.pipe';
import { ProblemException } from '../http/problem.exception';
import { ZodPipe } from '../http/zod.pipe';
import { manifestDocument } from '../recordings-storage/manifest-document';
import { RecordingMedia } from '../recordings-storage/recording-media';
import { CLOCK, RECORDING_COMMANDS } from '../tokens';
import { accepted, found, recordingDocument } from './answer';
import { sendFile } from './send-file';

const recordingId = new IdPipe(RECORDING_ID, 'recording_not_found');

const ENDED: readonly RecordingView['state'][] = ['processing', 'completed', 'failed', 'absent', 'deleted'];

/** Resource `recordings`. */
@Controller('v1/recordings')
export class RecordingsController {
  constructor(
    @Inject(RECORDING_COMMANDS) private readonly recordings: RecordingCommands,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly storage: RecordingMedia,
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
    return recordingDocument(accepted(await this.recordings.stopRecording(id)));
  }

  @Post(':id/pause')
  @HttpCode(202)
  async pause(
    @Param('id', recordingId) id: string,
    @Body(new ZodPipe(pauseRecordingSchema, 'body')) { mode, reason }: PauseRecording,
  ): Promise<object> {
    const pause = { mode, ...(reason === undefined ? {} : { reason }) };
    return recordingDocument(accepted(await this.recordings.pauseRecording(id, pause)));
  }

  @Post(':id/resume')
  @HttpCode(202)
  async resume(
    @Param('id', recordingId) id: string,
    @Body(new ZodPipe(z.strictObject({}), 'body')) _body: object,
  ): Promise<object> {
    return recordingDocument(accepted(await this.recordings.resumeRecording(id)));
  }

  @Get(':id/media')
  async media(
    @Param('id', recordingId) id: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const recording = await this.completed(id);
    const file = await this.storage.open(recording);
    if (!file) throw new ProblemException('media_not_found');
    await sendFile(request, response, file, `${recording.id}.wav`);
  }

  @Get(':id/manifest')
  async manifest(@Param('id', recordingId) id: string): Promise<RecordingManifest> {
    const recording = await this.completed(id);
    const text = await this.storage.manifest(recording);
    const manifest = text === undefined ? undefined : manifestDocument(recording, text);
    if (!manifest) throw new ProblemException('media_not_found');
    return manifest;
  }

  @Delete(':id')
  async remove(@Param('id', recordingId) id: string): Promise<object> {
    const recording = await this.recording(id);
    if (!ENDED.includes(recording.state)) {
      throw new ProblemException('recording_not_ended', { detail: `The recording is ${recording.state}.` });
    }
    for (const track of recording.tracks ?? []) await this.remove(track);
    // The file first: what is said to be deleted is.
    await this.storage.remove(recording);
    return recordingDocument(accepted(await this.recordings.noteDeleted(id, this.clock.wallTime())));
  }

  private async completed(id: string): Promise<RecordingView> {
    const recording = await this.recording(id);
    if (recording.tracks) throw new ProblemException('recording_has_tracks');
    if (recording.state === 'completed') return recording;
    throw new ProblemException('recording_not_completed', { detail: `The recording is ${recording.state}.` });
  }

  private async recording(id: string): Promise<RecordingView> {
    return found(
      RECORDING_ID.test(id) ? await this.recordings.getRecording(id) : undefined,
      'recording_not_found',
    );
  }
}
