import type { Log } from '@legato/kernel';
import { silentLog } from '@legato/kernel';
import { SipResponse } from '@legato/sip';
import type { ServerTransaction, ServerTransactionState, SipRequest } from '@legato/sip';
import { buildRequest } from '@legato/testing';
import { Injectable, UseGuards, UseInterceptors } from '@nestjs/common';
import type {
  CallHandler,
  CanActivate,
  ExecutionContext,
  INestMicroservice,
  NestInterceptor,
} from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import type { Observable } from 'rxjs';
import { AclGuard, ALLOWED_SOURCES } from './acl.guard';
import { AddressList } from './address-list';
import { SipContext } from './sip.context';
import {
  OnInvite,
  OnMessage,
  OnNotify,
  OnOptions,
  OnRegister,
  OnSubscribe,
  SipController,
} from './sip.decorators';
import { SipException } from './sip.exception';
import { SipServer } from './sip.server';
import type { RequestSource } from './sip.server';

/** A server transaction that keeps what it was answered. */
class KeptTransaction implements ServerTransaction {
  readonly key = 'k';
  readonly responses: SipResponse[] = [];
  state: ServerTransactionState = 'Trying';
  private wake: () => void = () => undefined;

  constructor(readonly request: SipRequest) {}

  respond(response: SipResponse): boolean {
    if (!['Trying', 'Proceeding'].includes(this.state)) return false;
    this.state = response.status < 200 ? 'Proceeding' : 'Completed';
    this.responses.push(response);
    this.wake();
    return true;
  }

  async final(): Promise<SipResponse> {
    while (!this.responses.at(-1) || (this.responses.at(-1)?.status ?? 0) < 200) {
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
    return this.responses.at(-1) as SipResponse;
  }
}

@Injectable()
class NeverGuard implements CanActivate {
  canActivate(): boolean {
    return false;
  }
}

@Injectable()
class PassInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle();
  }
}

const taken: ServerTransaction[] = [];

@SipController()
class CallController {
  @OnInvite()
  @UseGuards(AclGuard)
  invite(@Payload() request: SipRequest, @Ctx() context: SipContext): void {
    context.respond(180);
    context.respond(200, { body: Buffer.from(request.callId), contentType: 'text/plain' });
  }

  @OnOptions()
  @UseInterceptors(PassInterceptor)
  options(request: SipRequest): SipResponse {
    return SipResponse.to(request, 200, { toTag: 'fixed' });
  }

  @OnMessage()
  message(): never {
    throw new SipException(603, 'Not today', [['Retry-After', '5']]);
  }

  @OnNotify()
  notify(): never {
    throw new Error('canary: a fault');
  }

  @OnSubscribe()
  subscribe(@Ctx() context: SipContext): void {
    taken.push(context.transaction);
  }
}

@SipController()
@UseGuards(NeverGuard)
class RegistrarController {
  @OnRegister()
  register(): void {}
}

describe('the SIP strategy', () => {
  const core: RequestSource = { onRequest: () => undefined };
  const lines: string[] = [];
  const log: Log = { ...silentLog, info: (line) => lines.push(line) };
  const calls: string[] = [];
  let app: INestMicroservice;

  beforeAll(async () => {
    const allowed = AddressList.parse(['192.0.2.0/24']);
    if (!allowed.ok) throw new Error('fixture');
    const module = await Test.createTestingModule({
      controllers: [CallController, RegistrarController],
      providers: [{ provide: ALLOWED_SOURCES, useValue: allowed.value }],
    }).compile();
    app = module.createNestMicroservice({
      logger: false,
      strategy: new SipServer({
        core,
        log,
        start: () => Promise.resolve(void calls.push('start')),
        stop: () => Promise.resolve(void calls.push('stop')),
      }),
    });
    await app.listen();
  });
  afterAll(async () => {
    await app.close();
    expect(calls).toEqual(['start', 'stop']);
  });

  function receive(method: string, from = '192.0.2.2'): KeptTransaction {
    const request = buildRequest({ method });
    request.flow = {
      protocol: 'UDP',
      remote: { host: from, port: 5060 },
      local: { host: '192.0.2.1', port: 5060 },
    };
    const transaction = new KeptTransaction(request);
    core.onRequest(transaction);
    return transaction;
  }

  it('logs its routing table at the start, guards included', () => {
    expect(lines).toEqual([
      'INVITE -> CallController.invite [AclGuard]',
      'OPTIONS -> CallController.options',
      'MESSAGE -> CallController.message',
      'NOTIFY -> CallController.notify',
      'SUBSCRIBE -> CallController.subscribe',
      'REGISTER -> RegistrarController.register [NeverGuard]',
    ]);
  });

  it('gives request and context to the handler, which may answer many times with one To tag (§8.2.6.2)', async () => {
    const transaction = receive('INVITE');
    const final = await transaction.final();
    expect(transaction.responses.map(({ status }) => status)).toEqual([180, 200]);
    expect(Buffer.from(final.body).toString()).toBe(transaction.request.callId);
    const tags = transaction.responses.map((response) => response.to.tag);
    expect(tags[0]).toMatch(/^[0-9a-f]{24}$/);
    expect(tags[1]).toBe(tags[0]);
  });

  it('lets only allowed sources through the guard: 403', async () => {
    expect((await receive('INVITE', '198.51.100.7').final()).status).toBe(403);
  });

  it('answers 403 for a guard that says no without a word', async () => {
    expect((await receive('REGISTER').final()).status).toBe(403);
  });

  it('sends a response that a handler returns, behind an interceptor too', async () => {
    const final = await receive('OPTIONS').final();
    expect([final.status, final.to.tag]).toEqual([200, 'fixed']);
  });

  it('turns a SipException into its status, reason and headers', async () => {
    const final = await receive('MESSAGE').final();
    expect([final.status, final.reason, final.headers.get('Retry-After')]).toEqual([603, 'Not today', '5']);
  });

  it('turns any other exception into a 500 that tells nothing of it', async () => {
    const final = await receive('NOTIFY').final();
    expect([final.status, final.reason]).toEqual([500, 'Server Internal Error']);
    expect([...final.headers.entries()].join()).not.toContain('canary');
  });

  it('leaves the transaction to whom the handler gave it', async () => {
    const transaction = receive('SUBSCRIBE');
    while (taken.length === 0) await new Promise(setImmediate);
    expect(taken).toEqual([transaction]);
    expect(transaction.responses).toEqual([]);
  });

  it('answers 405 with Allow for a known method without handler and 501 for an unknown one (§8.2.1)', async () => {
    const refused = await receive('PUBLISH').final();
    expect(refused.status).toBe(405);
    expect(refused.headers.get('Allow')).toBe('INVITE, OPTIONS, MESSAGE, NOTIFY, SUBSCRIBE, REGISTER');
    expect((await receive('FLY').final()).status).toBe(501);
  });
});

describe('a SipException', () => {
  it.each([200, 180, 299, 700, 404.5])('can not be a %d', (status) => {
    expect(() => new SipException(status)).toThrow(TypeError);
  });
});
