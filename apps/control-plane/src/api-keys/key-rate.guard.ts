import type { ExecutionContext } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import { ThrottlerGuard } from '@nestjs/throttler';
import type { ThrottlerLimitDetail } from '@nestjs/throttler';
import type { Response } from 'express';
import { ProblemException } from '../http/problem.exception';
import { callerOf } from '../http/require-api-key';

/** 429 for a key that sends more requests than it may, on this node. */
@Injectable()
export class KeyRateGuard extends ThrottlerGuard {
  protected override shouldSkip(context: ExecutionContext): Promise<boolean> {
    return Promise.resolve(context.getType() !== 'http' || this.throttlers.length === 0);
  }

  protected override getTracker(request: { readonly res: Response }): Promise<string> {
    return Promise.resolve(callerOf(request.res).id);
  }

  /** One count for all routes together. */
  protected override generateKey(_context: ExecutionContext, caller: string): string {
    return caller;
  }

  protected override throwThrottlingException(
    _context: ExecutionContext,
    { timeToBlockExpire }: ThrottlerLimitDetail,
  ): Promise<void> {
    const retryAfter = String(Math.max(1, Math.ceil(timeToBlockExpire)));
    throw new ProblemException('rate_limited', {}, { 'Retry-After': retryAfter });
  }
}
