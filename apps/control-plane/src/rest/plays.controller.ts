import type { PlayCommands, PlayView } from '@legato/b2bua';
import { FOREVER } from '@legato/b2bua';
import { CALL_ID, createPlaySchema, PLAY_ID } from '@legato/contracts';
import type { CreatePlay } from '@legato/contracts';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import type { Response } from 'express';
import { IdPipe } from '../http/id.pipe';
import { ZodPipe } from '../http/zod.pipe';
import { PLAY_COMMANDS } from '../tokens';
import { accepted, found } from './answer';

const callId = new IdPipe(CALL_ID, 'call_not_found');
const playId = new IdPipe(PLAY_ID, 'play_not_found');

/** What is played in one call. */
@Controller('v1/calls/:id/plays')
export class PlaysController {
  constructor(@Inject(PLAY_COMMANDS) private readonly plays: PlayCommands) {}

  @Post()
  @HttpCode(202)
  async create(
    @Param('id', callId) id: string,
    @Body(new ZodPipe(createPlaySchema, 'body')) body: CreatePlay,
    @Res({ passthrough: true }) response: Response,
  ): Promise<PlayView> {
    const { sources, loop, interval_ms, barge, leg } = body;
    const play = accepted(
      await this.plays.startPlay(id, {
        sources,
        loop: loop === 'forever' ? FOREVER : loop,
        ...(interval_ms === undefined ? {} : { intervalMs: interval_ms }),
        barge,
        ...(leg === 'both' ? {} : { leg }),
      }),
    );
    response.setHeader('Location', `/v1/calls/${id}/plays/${play.id}`);
    return play;
  }

  @Get()
  async list(@Param('id', callId) id: string): Promise<object> {
    const data = found(await this.plays.listPlays(id), 'call_not_found');
    return { data, next_cursor: null, has_more: false };
  }

  @Get(':play')
  async read(@Param('id', callId) id: string, @Param('play', playId) play: string): Promise<PlayView> {
    return found(await this.plays.getPlay(id, play), 'play_not_found');
  }

  @Delete(':play')
  @HttpCode(202)
  async stop(@Param('id', callId) id: string, @Param('play', playId) play: string): Promise<PlayView> {
    return accepted(await this.plays.stopPlay(id, play));
  }
}
