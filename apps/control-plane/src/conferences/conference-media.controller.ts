import type { AnnouncementView, ConferenceCommands } from '@legato/b2bua';
import {
  CONFERENCE_ID,
  createConferencePlaySchema,
  PLAY_ID,
  recordConferenceSchema,
} from '@legato/contracts';
import type { CreateConferencePlay, RecordConference } from '@legato/contracts';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import type { Response } from 'express';
import { IdPipe } from '../http/id.pipe';
import { ZodPipe } from '../http/zod.pipe';
import { accepted, found, recordingDocument } from '../rest/answer';
import { CONFERENCE_COMMANDS } from '../tokens';

const conferenceId = new IdPipe(CONFERENCE_ID, 'conference_not_found');
const playId = new IdPipe(PLAY_ID, 'play_not_found');
const ACCEPTED = 202;

/** What is played in one conference, and what is recorded of it. */
@Controller('v1/conferences/:id')
export class ConferenceMediaController {
  constructor(@Inject(CONFERENCE_COMMANDS) private readonly conferences: ConferenceCommands) {}

  @Post('plays')
  @HttpCode(ACCEPTED)
  async play(
    @Param('id', conferenceId) id: string,
    @Body(new ZodPipe(createConferencePlaySchema, 'body')) body: CreateConferencePlay,
  ): Promise<AnnouncementView> {
    const { sources, loop, participant } = body;
    const to = participant === undefined ? {} : { participant };
    return accepted(await this.conferences.play(id, { sources, loop, ...to }));
  }

  @Get('plays')
  async listPlays(@Param('id', conferenceId) id: string): Promise<object> {
    const data = found(await this.conferences.listPlays(id), 'conference_not_found');
    return { data, next_cursor: null, has_more: false };
  }

  @Delete('plays/:play')
  @HttpCode(ACCEPTED)
  async stopPlay(
    @Param('id', conferenceId) id: string,
    @Param('play', playId) play: string,
  ): Promise<AnnouncementView> {
    return accepted(await this.conferences.stopPlay(id, play));
  }

  @Post('recordings')
  @HttpCode(ACCEPTED)
  async record(
    @Param('id', conferenceId) id: string,
    @Body(new ZodPipe(recordConferenceSchema, 'body')) { channels, max_s }: RecordConference,
    @Res({ passthrough: true }) response: Response,
  ): Promise<object> {
    const limit = max_s === undefined ? {} : { maxMs: max_s * 1000 };
    const recording = accepted(await this.conferences.record(id, { channels, ...limit }));
    response.setHeader('Location', `/v1/recordings/${recording.id}`);
    return recordingDocument(recording);
  }

  @Get('recordings')
  async listRecordings(@Param('id', conferenceId) id: string): Promise<object> {
    const recordings = found(await this.conferences.listRecordings(id), 'conference_not_found');
    return { data: recordings.map(recordingDocument), next_cursor: null, has_more: false };
  }
}
