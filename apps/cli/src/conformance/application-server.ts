import { randomIds, systemClock } from '@legato/kernel';
import { MediaEngine } from '@legato/media';
import type { MsmlDialect } from '@legato/msml';
import type { SdpBody } from '@legato/sip';
import { InviteUsage, SipUri, TransactionLayer, UdpTransport, UsageRunner, UserAgentCore } from '@legato/sip';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ControlledDialog } from './controlled-dialog';
import { Unmet } from './expectation';
import { Line } from './line';
import { Waiting } from './waiting';

const ALLOW = ['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS', 'INFO'];
const HANG_UP_MS = 2_000;

export interface ServerUnderTest {
  /** `sip:host[:port]` */
  readonly uri: string;
  readonly dialect: MsmlDialect;
  /** How long an answer or event may take. */
  readonly patienceMs: number;
  /** The local address that SIP and RTP are bound to. */
  readonly host: string;
}

/** An application server that opens dialogs with the media server under test, and speaks and listens on their media. */
export class ApplicationServer {
  readonly waiting: Waiting;
  private readonly folder = mkdtempSync(join(tmpdir(), 'legato-conformance-'));
  private readonly engine: MediaEngine;
  private readonly transport: UdpTransport;
  private readonly layer: TransactionLayer;
  private readonly runner: UsageRunner;
  private readonly dialogs = new Map<string, ControlledDialog>();
  private opened = 0;

  private constructor(private readonly server: ServerUnderTest) {
    const { host } = server;
    this.waiting = new Waiting(server.patienceMs);
    this.engine = new MediaEngine({ host, rtpPorts: { first: 0, last: 0 } });
    this.transport = new UdpTransport({ host, port: 0 });
    this.layer = new TransactionLayer({ clock: systemClock, transports: [this.transport] });
    const core = new UserAgentCore({
      clock: systemClock,
      layer: this.layer,
      ids: randomIds,
      allow: ALLOW,
      supported: [],
      accept: ['application/sdp'],
      anyInfo: true,
    });
    this.layer.user = core;
    this.runner = new UsageRunner({
      clock: systemClock,
      ids: randomIds,
      layer: this.layer,
      core,
      allow: ALLOW,
      contactUser: 'conformance',
    });
    this.runner.deliver = (id, feed) => {
      const dialog = this.dialogs.get(id);
      if (dialog) dialog.receive(feed(dialog.usage));
    };
  }

  static async start(server: ServerUnderTest): Promise<ApplicationServer> {
    const application = new ApplicationServer(server);
    await application.layer.start();
    application.engine.start();
    return application;
  }

  /** A party: INVITE with an offer. Fails when the server does not accept it. */
  async party(): Promise<ControlledDialog & { readonly line: Line }> {
    const line = await this.openLine();
    const dialog = this.invite(
      this.server.uri,
      { contentType: 'application/sdp', bytes: line.offer() },
      line,
    );
    await this.established(dialog);
    return dialog as ControlledDialog & { readonly line: Line };
  }

  /** A dialog without media, for control only: its session description has no m-line. */
  async control(): Promise<ControlledDialog> {
    const { host } = this.server;
    const family = host.includes(':') ? 'IP6' : 'IP4';
    const description = `v=0\r\no=- 1 1 IN ${family} ${host}\r\ns=-\r\nc=IN ${family} ${host}\r\nt=0 0\r\n`;
    const dialog = this.invite(this.server.uri, {
      contentType: 'application/sdp',
      bytes: Buffer.from(description),
    });
    await this.established(dialog);
    return dialog;
  }

  /** An INVITE to any user part with any parameters; answers its final status. */
  async inviteTo(userAndParameters: (hostPort: string) => string): Promise<ControlledDialog> {
    const { hostPort } = this;
    const line = await this.openLine();
    const body = { contentType: 'application/sdp', bytes: line.offer() };
    const dialog = this.invite(userAndParameters(hostPort), body, line);
    await this.waiting.until('a final response', () => dialog.status);
    return dialog;
  }

  /** Ends every dialog that a check has opened. */
  async hangUpAll(): Promise<void> {
    const open = [...this.dialogs.values()];
    for (const { usage } of open) usage.bye();
    const over = (): boolean => open.every(({ ended }) => ended);
    await this.waiting.until('every dialog ends', over, HANG_UP_MS).catch(() => undefined);
    await Promise.all(open.flatMap(({ line }) => (line ? [line.close()] : [])));
    this.dialogs.clear();
  }

  async stop(): Promise<void> {
    await this.hangUpAll();
    await this.engine.stop();
    await this.layer.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get hostPort(): string {
    const uri = SipUri.parse(this.server.uri);
    return uri?.port === undefined ? (uri?.host ?? '') : `${uri.host}:${uri.port}`;
  }

  private async openLine(): Promise<Line> {
    const connection = await this.engine.openConnection(`line ${(this.opened += 1)}`);
    return new Line(this.engine, connection, this.server.host, this.folder);
  }

  private invite(uri: string, body: SdpBody, line?: Line): ControlledDialog {
    const { port } = this.transport.local;
    const us = `<sip:conformance@${this.server.host}:${port}>`;
    const id = `conformance/${(this.opened += 1)}`;
    const usage = InviteUsage.outgoing(id, this.runner.output, {
      requestUri: uri,
      from: us,
      to: `<${uri}>`,
      contact: us,
    });
    const dialog = new ControlledDialog(usage, this.server.dialect, this.waiting, line);
    this.dialogs.set(id, dialog);
    usage.invite(body);
    return dialog;
  }

  private async established(dialog: ControlledDialog): Promise<void> {
    const status = await this.waiting.until('an answer to the INVITE', () => dialog.status);
    if (status >= 300) throw new Unmet(`the INVITE is accepted, not ${status}`);
  }
}
