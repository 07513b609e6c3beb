import type { Readiness } from '@legato/contracts';
import type { Clock } from '@legato/kernel';
import type { Registry } from '@legato/observability';
import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { Response } from 'express';
import { CLOCK, METRICS, READINESS } from '../tokens';
import { readiness } from './readiness';
import type { ReadinessChecks } from './readiness';

/** What operators and their load balancers ask. */
@Controller()
export class HealthController {
  constructor(
    @Inject(READINESS) private readonly checks: ReadinessChecks,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(METRICS) private readonly metrics: Registry,
  ) {}

  @Get('healthz')
  live(): { status: 'alive' } {
    return { status: 'alive' };
  }

  @Get('readyz')
  async ready(@Res({ passthrough: true }) response: Response): Promise<Readiness> {
    const answer = await readiness(this.checks, this.clock);
    response.status(answer.status === 'ready' ? 200 : 503);
    return answer;
  }

  @Get('metrics')
  async page(@Res({ passthrough: true }) response: Response): Promise<string> {
    response.setHeader('Content-Type', this.metrics.contentType);
    return this.metrics.metrics();
  }
}
