import type { Attendance, AttendanceChange, ParticipantCommands, ParticipantView } from '@legato/b2bua';
import {
  addParticipantSchema,
  CONFERENCE_ID,
  PARTICIPANT_ID,
  removeParticipantSchema,
  updateParticipantSchema,
} from '@legato/contracts';
import type { AddParticipant, RemoveParticipant, UpdateParticipant } from '@legato/contracts';
import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Patch,
  Post,
  Query,
  Res,
} from '@nestjs/common';
import type { Response } from 'express';
import { IdPipe } from '../http/id.pipe';
import { ZodPipe } from '../http/zod.pipe';
import { accepted, found } from '../rest/answer';
import { checkUriFields } from '../rest/sip-uris';
import { PARTICIPANT_COMMANDS } from '../tokens';

const conferenceId = new IdPipe(CONFERENCE_ID, 'conference_not_found');
const participantId = new IdPipe(PARTICIPANT_ID, 'participant_not_found');
const ACCEPTED = 202;

function flagsOf({ muted, deaf, hold, gain_db }: AddParticipant | UpdateParticipant) {
  return {
    ...(muted === undefined ? {} : { muted }),
    ...(deaf === undefined ? {} : { deaf }),
    ...(hold === undefined ? {} : { hold }),
    ...(gain_db === undefined ? {} : { gainDb: gain_db }),
  };
}

const attendanceOf = (body: AddParticipant): Attendance => ({
  role: body.role,
  ...flagsOf(body),
  ...(body.coach_of === undefined ? {} : { coachOf: body.coach_of }),
});

const changeOf = (body: UpdateParticipant): AttendanceChange => ({
  ...flagsOf(body),
  ...(body.coach_of === undefined ? {} : { coachOf: body.coach_of }),
});

/** Who takes part in one conference. */
@Controller('v1/conferences/:id/participants')
export class ParticipantsController {
  constructor(@Inject(PARTICIPANT_COMMANDS) private readonly participants: ParticipantCommands) {}

  @Post()
  @HttpCode(ACCEPTED)
  async add(
    @Param('id', conferenceId) id: string,
    @Body(new ZodPipe(addParticipantSchema, 'body')) body: AddParticipant,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ParticipantView> {
    const participant = accepted(await this.ask(id, body));
    response.setHeader('Location', `/v1/conferences/${id}/participants/${participant.id}`);
    return participant;
  }

  private ask(id: string, body: AddParticipant): ReturnType<ParticipantCommands['add']> {
    const { call_id, to, from, timeout_s } = body;
    if (call_id !== undefined) return this.participants.add(id, call_id, attendanceOf(body));
    const [caller, called] = [from ?? '', to ?? ''];
    checkUriFields([
      ['/from', caller],
      ['/to', called],
    ]);
    const timeout = timeout_s === undefined ? {} : { timeoutMs: timeout_s * 1000 };
    return this.participants.dial(id, { from: caller, to: called, ...timeout }, attendanceOf(body));
  }

  @Get()
  async list(@Param('id', conferenceId) id: string): Promise<object> {
    const data = found(await this.participants.listParticipants(id), 'conference_not_found');
    return { data, next_cursor: null, has_more: false };
  }

  @Get(':participant')
  async read(
    @Param('id', conferenceId) id: string,
    @Param('participant', participantId) participant: string,
  ): Promise<ParticipantView> {
    return found(await this.participants.getParticipant(id, participant), 'participant_not_found');
  }

  @Patch(':participant')
  @HttpCode(ACCEPTED)
  async update(
    @Param('id', conferenceId) id: string,
    @Param('participant', participantId) participant: string,
    @Body(new ZodPipe(updateParticipantSchema, 'body')) body: UpdateParticipant,
  ): Promise<ParticipantView> {
    return accepted(await this.participants.update(id, participant, changeOf(body)));
  }

  @Delete(':participant')
  @HttpCode(ACCEPTED)
  async remove(
    @Param('id', conferenceId) id: string,
    @Param('participant', participantId) participant: string,
    @Query(new ZodPipe(removeParticipantSchema, 'query')) { hang_up }: RemoveParticipant,
  ): Promise<ParticipantView> {
    return accepted(await this.participants.remove(id, participant, { hangUp: hang_up === 'true' }));
  }
}
