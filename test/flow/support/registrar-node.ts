import { MemoryEventLog, MemoryRegistrationStore } from '@legato/b2bua';
import { randomIds, silentLog } from '@legato/kernel';
import type { Address, SipRequest, SipResponse } from '@legato/sip';
import {
  accountFromPassword,
  allHa1,
  DEFAULT_REGISTRAR_RULES,
  DigestClient,
  DigestServer,
  MemoryNonceLedger,
  TransactionLayer,
  UserAgentCore,
} from '@legato/sip';
import {
  AclGuard,
  AddressList,
  ALLOWED_SOURCES,
  DigestGuard,
  SIP_AUTHENTICATION,
  SipServer,
} from '@legato/sip-nest';
import { buildRequest, FakeClock, RecordingTransport } from '@legato/testing';
import type { INestMicroservice } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { RegisterController } from '../../../apps/control-plane/src/registrar/register.controller';
import { Registrar } from '../../../apps/control-plane/src/registrar/registrar';
import { SIP_CAPABILITIES } from '../../../apps/control-plane/src/tokens';

const REALM = 'atlanta.example.com';
const AOR = 'sips:bob@biloxi.example.com';
const REGISTRAR = 'sips:ss2.biloxi.example.com';
const CLIENT: Address = { host: '192.0.2.201', port: 5061 };
const USER = 'bob';
const PASSWORD = 'zanzibar';
const CAPABILITIES = { allow: ['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS', 'REGISTER'], supported: [] };

/** The registrar as it is served: its controller behind its guards, over a TLS transport without sockets; Bob is its client. */
export class RegistrarNode {
  readonly clock = new FakeClock();
  readonly transport = new RecordingTransport({
    protocol: 'TLS',
    local: { host: '192.0.2.1', port: 5061 },
    clock: this.clock,
  });
  readonly client = `${CLIENT.host}:${CLIENT.port}`;
  private readonly layer = new TransactionLayer({
    clock: this.clock,
    transports: [this.transport],
    log: silentLog,
  });
  private app: INestMicroservice | undefined;
  private cseq = 0;

  static async start(): Promise<RegistrarNode> {
    const node = new RegistrarNode();
    await node.open();
    return node;
  }

  /** A REGISTER of Bob's client, the next in its sequence (RFC 3261 §10.2). */
  request(contacts: readonly string[], headers: readonly (readonly [string, string])[] = []): SipRequest {
    this.cseq += 1;
    return buildRequest({
      method: 'REGISTER',
      requestUri: REGISTRAR,
      vias: [`SIP/2.0/TLS ${this.client};branch=z9hG4bKnashd${this.cseq}`],
      from: `Bob <${AOR}>`,
      fromTag: 'a73kszlfl',
      to: `Bob <${AOR}>`,
      callId: '1j9FpLxk3uxtm8tn@biloxi.example.com',
      cseq: this.cseq,
      headers: [...contacts.map((contact) => ['Contact', contact] as const), ...headers],
    });
  }

  /** Sends a request and waits for its final response. */
  async send(request: SipRequest): Promise<SipResponse> {
    const { transport } = this;
    const before = transport.sent.length;
    transport.inject(request, CLIENT);
    // Guards and store answer by promises, not by time.
    while (transport.sent.length === before) await new Promise(setImmediate);
    const answer = transport.sent.at(-1)?.message;
    if (answer?.kind !== 'response') throw new Error('no response');
    return answer;
  }

  /** Credentials that answer a challenge. */
  answer(challenge: SipResponse, password = PASSWORD): readonly (readonly [string, string])[] {
    const account = accountFromPassword({ name: USER, realm: REALM, user: USER, password });
    const client = new DigestClient({ accounts: [account], ids: randomIds });
    const request = { method: 'REGISTER', requestUri: REGISTRAR, body: Buffer.alloc(0), account: USER };
    return client.authorize(challenge, request) ?? [];
  }

  async stop(): Promise<void> {
    await this.app?.close();
  }

  private async open(): Promise<void> {
    const { clock, layer } = this;
    const base = { clock, ids: randomIds, log: silentLog };
    const core = new UserAgentCore({ ...base, ...CAPABILITIES, layer, accept: [] });
    layer.user = core;
    const credentials = { find: (_realm: string, user: string) => (user === USER ? BOB : undefined) };
    const server = new DigestServer({
      ...base,
      realms: [{ realm: REALM, algorithms: ['MD5'], qop: ['auth'] }],
      credentials,
      ledger: new MemoryNonceLedger(clock),
      secret: 'secret',
    });
    const store = new MemoryRegistrationStore({
      clock,
      events: new MemoryEventLog({ clock }),
      maxRegistrations: 10,
    });
    const registrar = new Registrar({ ...base, store, rules: DEFAULT_REGISTRAR_RULES, domains: [] });
    const authentication = { server, challengeStatus: 401, trusted: AddressList.EMPTY, log: silentLog };
    const module = await Test.createTestingModule({
      controllers: [RegisterController],
      providers: [
        AclGuard,
        DigestGuard,
        { provide: Registrar, useValue: registrar },
        { provide: ALLOWED_SOURCES, useValue: AddressList.EMPTY },
        { provide: SIP_AUTHENTICATION, useValue: authentication },
        { provide: SIP_CAPABILITIES, useValue: CAPABILITIES },
      ],
    }).compile();
    const strategy = new SipServer({
      core,
      start: () => layer.start(),
      stop: () => layer.stop(),
      log: silentLog,
    });
    this.app = module.createNestMicroservice({ strategy, logger: false });
    await this.app.listen();
  }
}

const BOB = { user: USER, ha1: allHa1(USER, REALM, PASSWORD) };
