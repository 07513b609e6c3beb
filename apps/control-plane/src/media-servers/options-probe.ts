import type { Clock, IdSource } from '@legato/kernel';
import { Headers, SipRequest } from '@legato/sip';
import type { Address, TransactionLayer } from '@legato/sip';

/** How long a media server may take to answer before it counts as down. */
const PATIENCE_MS = 2_000;

/** Whether there is a user agent behind a URI that takes requests. */
export type Probe = (uri: string) => Promise<boolean>;

export interface OptionsProbeOptions {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly layer: TransactionLayer;
  /** Ours. */
  readonly address: Address;
}

export const hostPort = ({ host, port }: Address): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** Asks by OPTIONS (RFC 3261 §11): any answer but 503 and 408 is one of a server that works. */
export function optionsProbe({ clock, ids, layer, address }: OptionsProbeOptions): Probe {
  const request = (uri: string) => {
    const self = `sip:${hostPort(address)}`;
    return new SipRequest(
      'OPTIONS',
      uri,
      new Headers([
        ['Max-Forwards', '1'],
        ['From', `<${self}>;tag=${ids.token(8)}`],
        ['To', `<${uri}>`],
        ['Call-ID', ids.token(16)],
        ['CSeq', '1 OPTIONS'],
        ['Contact', `<${self}>`],
        ['Accept', 'application/sdp'],
      ]),
    );
  };
  return (uri) =>
    new Promise((resolve) => {
      const patience = clock.schedule(PATIENCE_MS, () => resolve(false));
      const settle = (up: boolean) => {
        patience.cancel();
        resolve(up);
      };
      layer.sendRequest(request(uri), {
        receiveResponse: ({ status }) => {
          if (status >= 200) settle(status !== 503 && status !== 408);
        },
        receiveTimeout: () => settle(false),
        receiveTransportError: () => settle(false),
      });
    });
}
