import type { Clock, IdSource, Log } from '@legato/kernel';
import { RegistrationClient, SipUri } from '@legato/sip';
import type { ClientAuthorizer, RegistrationNews, TransportProtocol } from '@legato/sip';
import type { SipStack } from '../sip/sip-stack';
import type { Trunk } from '../trunks/trunks-file';

export interface ProviderRegistrationsOptions {
  /** Those that ask for it are registered with, under their own account. */
  readonly trunks: readonly Pick<Trunk, 'name' | 'targets' | 'domain' | 'account' | 'registers'>[];
  readonly authorize?: ClientAuthorizer['authorize'];
  readonly sip: Pick<SipStack, 'layer' | 'address' | 'addressOf'>;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
}

/** How long the end of the process waits for bindings to be taken away. */
const STOP_MS = 2_000;
const STREAMS: readonly TransportProtocol[] = ['TCP', 'TLS'];

/** Keeps this node registered with the providers that want it, so that their calls find it (RFC 3261 §10.2). */
export class ProviderRegistrations {
  private readonly clients = new Map<string, RegistrationClient>();
  private stopped: (() => void) | undefined;

  constructor(private readonly options: ProviderRegistrationsOptions) {
    for (const trunk of options.trunks) {
      const [first, ...others] = trunk.targets;
      if (!trunk.registers || !trunk.account || first === undefined) continue;
      this.clients.set(trunk.name, this.clientOf(trunk, trunk.account.user, [first, ...others]));
    }
  }

  /** Trunks whose provider leads calls to us now, and others that should. */
  counts(): Readonly<Record<'registered' | 'unregistered', number>> {
    const registered = [...this.clients.values()].filter(({ isBound }) => isBound).length;
    return { registered, unregistered: this.clients.size - registered };
  }

  start(): void {
    for (const client of this.clients.values()) client.start();
  }

  /** Takes the bindings away; resolves when that is done, or has taken too long. */
  stop(): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.options.clock.schedule(STOP_MS, resolve);
      this.stopped = () => {
        if ([...this.clients.values()].some(({ state }) => state !== 'Stopped')) return;
        timer.cancel();
        resolve();
      };
      for (const client of this.clients.values()) client.stop();
      this.stopped();
    });
  }

  private clientOf(
    trunk: Pick<Trunk, 'name' | 'domain'>,
    user: string,
    registrars: readonly [string, ...string[]],
  ): RegistrationClient {
    const { clock, ids, log, sip, authorize } = this.options;
    return new RegistrationClient({
      clock,
      ids,
      log,
      layer: sip.layer,
      registrars,
      aor: SipUri.of({ user, host: trunk.domain.replace(/^\[|\]$/g, '') }).toString(),
      contact: this.contactOf(user, registrars[0]),
      account: trunk.name,
      ...(authorize && { authorizer: { authorize } }),
      onNews: (news) => this.tell(trunk.name, news),
    });
  }

  /** Where we are for the provider: over the transport that it is asked by, if that is served. */
  private contactOf(user: string, registrar: string): string {
    const { sip } = this.options;
    const uri = SipUri.parse(registrar);
    const transport = uri?.scheme === 'sips' ? 'TLS' : uri?.params.get('transport')?.toUpperCase();
    const protocol = STREAMS.find((each) => each === transport);
    const stream = protocol && sip.addressOf(protocol);
    const { host, port } = stream ?? sip.address;
    const own = SipUri.of({ user, host, port }).toString();
    return stream && protocol ? `${own};transport=${protocol.toLowerCase()}` : own;
  }

  private tell(trunk: string, news: RegistrationNews): void {
    const { log } = this.options;
    const fields = { event: `trunk.${news.kind}`, trunk, ...news };
    if (news.kind === 'failed' || news.kind === 'lost') log.warn(`trunk.${news.kind}`, fields);
    else log.info(`trunk.${news.kind}`, fields);
    if (news.kind === 'stopped') this.stopped?.();
  }
}
