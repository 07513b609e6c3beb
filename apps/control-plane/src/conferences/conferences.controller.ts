import type { ConferenceCommands, ConferenceView } from '@legato/b2bua';
import {
  CONFERENCE_ID,
  createConferenceSchema,
  endConferenceSchema,
  listConferencesSchema,
  muteConferenceSchema,
} from '@legato/contracts';
import type { CreateConference, EndConference, ListConferences, MuteConference } from '@legato/contracts';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import { z } from 'zod';
import { Admission } from '../calls/admission';
import { IdPipe } from '../http/id.pipe';
import { ProblemException } from '../http/problem.exception';
import { ZodPipe } from '../http/zod.pipe';
import { accepted, found } from '../rest/answer';
import { CONFERENCE_COMMANDS } from '../tokens';
import { conferenceOptions } from './conference-options';

const conferenceId = new IdPipe(CONFERENCE_ID, 'conference_not_found');
const empty = new ZodPipe(z.strictObject({}), 'body');
const [OK, CREATED, ACCEPTED] = [200, 201, 202];

/** Resource `conferences`. */
@Controller('v1/conferences')
export class ConferencesController {
  constructor(
    @Inject(CONFERENCE_COMMANDS) private readonly conferences: ConferenceCommands,
    private readonly admission: Admission,
  ) {}

  @Post()
  async create(
    @Body(new ZodPipe(createConferenceSchema, 'body')) body: CreateConference,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ConferenceView> {
    if (!this.admission.open) throw new ProblemException('shutting_down');
    const { name, record } = body;
    const made = await this.conferences.createOrGet(name, conferenceOptions(body), { record });
    const { conference, isNew } = accepted(made);
    response.status(isNew ? CREATED : OK);
    response.setHeader('Location', `/v1/conferences/${conference.id}`);
    return conference;
  }

  @Get()
  async list(@Query(new ZodPipe(listConferencesSchema, 'query')) query: ListConferences): Promise<object> {
    const { limit, cursor, state, name } = query;
    const { data, next } = await this.conferences.listConferences({
      limit,
      ...(cursor === undefined ? {} : { after: cursor }),
      ...(state === undefined ? {} : { state }),
      ...(name === undefined ? {} : { name }),
    });
    return { data, next_cursor: next ?? null, has_more: next !== undefined };
  }

  @Get(':id')
  async read(@Param('id', conferenceId) id: string): Promise<ConferenceView> {
    return found(await this.conferences.getConference(id), 'conference_not_found');
  }

  @Post(':id/lock')
  @HttpCode(OK)
  async lock(@Param('id', conferenceId) id: string, @Body(empty) _body: object): Promise<ConferenceView> {
    return accepted(await this.conferences.lock(id));
  }

  @Post(':id/unlock')
  @HttpCode(OK)
  async unlock(@Param('id', conferenceId) id: string, @Body(empty) _body: object): Promise<ConferenceView> {
    return accepted(await this.conferences.unlock(id));
  }

  @Post(':id/mute')
  @HttpCode(ACCEPTED)
  async mute(
    @Param('id', conferenceId) id: string,
    @Body(new ZodPipe(muteConferenceSchema, 'body')) { muted }: MuteConference,
  ): Promise<ConferenceView> {
    return accepted(await this.conferences.muteAll(id, muted));
  }

  @Post(':id/end')
  @HttpCode(ACCEPTED)
  async end(
    @Param('id', conferenceId) id: string,
    @Body(new ZodPipe(endConferenceSchema, 'body')) { hang_up }: EndConference,
  ): Promise<ConferenceView> {
    return accepted(await this.conferences.end(id, { hangUp: hang_up }));
  }
}
