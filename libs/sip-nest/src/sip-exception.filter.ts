import { Catch, Logger } from '@nestjs/common';
import type { ArgumentsHost, RpcExceptionFilter } from '@nestjs/common';
import { RpcException } from '@nestjs/microservices';
import { EMPTY } from 'rxjs';
import type { Observable } from 'rxjs';
import type { SipContext } from './sip.context';
import { SipException } from './sip.exception';

/**
 * Turns what a guard, pipe or handler throws into the response: a SipException into its status, a guard that said
 * no into 403, anything else into 500 with the error in the log and nothing of it on the wire.
 */
@Catch()
export class SipExceptionFilter implements RpcExceptionFilter {
  private readonly logger = new Logger(SipExceptionFilter.name);

  catch(exception: unknown, host: ArgumentsHost): Observable<never> {
    const context = host.switchToRpc().getContext<SipContext>();
    const refusal = this.toRefusal(exception, context);
    context.respond(refusal.status, {
      headers: refusal.headers,
      ...(refusal.reason === undefined ? {} : { reason: refusal.reason }),
    });
    return EMPTY;
  }

  private toRefusal(exception: unknown, context: SipContext): SipException {
    if (exception instanceof SipException) return exception;
    // Nest throws this one for a guard that returned false.
    if (exception instanceof RpcException) return new SipException(403);
    const error = exception instanceof Error ? exception : new Error(String(exception));
    this.logger.error(`${context.request.method} handler failed: ${error.message}`, error.stack);
    return new SipException(500);
  }
}
