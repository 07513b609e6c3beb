import { ANOMALIES } from './anomalies';

/** Who sends the INVITEs, and to whom. */
export interface Parties {
  readonly host: string;
  readonly port: number;
  readonly number: string;
  readonly server: string;
}

export interface ProtosCase {
  readonly element: string;
  readonly anomaly: string;
  /** The bytes; another `serial` makes another call of it. */
  bytes(parties: Parties, serial: number): Buffer;
}

/** Written `{name=default}` in the lines; what is not an element is right. */
const HEAD = [
  '{method=INVITE} {request scheme=sip}:{request user=%number}@{request host=%server}{request parameter=;a=b} {SIP version=SIP/2.0}',
  'Via: {Via protocol=SIP}/{Via version=2.0}/{Via transport=UDP} {Via host=%host}:{Via port=%port};branch=z9hG4bK{Via branch=x}%serial;{Via parameter=ttl}={Via parameter value=1}',
  'From: {From display name="Alice"} <{From scheme=sip}:{From user=alice}@{From host=%host}{From URI parameter=;a=b}>;tag={From tag=t}%serial{From parameter=;a=b}',
  'To: {To display name="Bob"} <{To scheme=sip}:{To user=bob}@{To host=%server}>{To parameter=;a=b}',
  'Call-ID: %serial{Call-ID=c}@{Call-ID host=%host}',
  'CSeq: {CSeq number=1} {CSeq method=INVITE}',
  'Contact: {Contact display name="Alice"} <{Contact scheme=sip}:{Contact user=alice}@{Contact host=%host}:{Contact port=%port}>;q={Contact q=0.5};expires={Contact expires=60}',
  'Max-Forwards: {Max-Forwards=70}',
  'Expires: {Expires=60}',
  'Session-Expires: {Session-Expires=1800};refresher={refresher=uac}',
  'Min-SE: {Min-SE=90}',
  'Supported: {Supported=timer}',
  'Require: {Require=timer}',
  'Allow: {Allow=INVITE}',
  'Route: <{Route scheme=sip}:{Route host=%server};{Route parameter=lr}>',
  'Record-Route: <sip:{Record-Route host=%host};lr>',
  'Privacy: {Privacy=none}',
  'P-Asserted-Identity: {P-Asserted-Identity=<sip:alice@example.com>}',
  'Authorization: {Authorization scheme=Digest} username="{Authorization user=alice}",realm="r",nonce="{nonce=n}",uri="sip:a",response="{digest response=0}",nc={nonce count=00000001}',
  'User-Agent: {User-Agent=test}',
  'Content-Disposition: {Content-Disposition=session}',
  '{header name=X-Header}: {header value=value}',
  'Content-Type: {Content-Type=application}/{Content-Type subtype=sdp}{Content-Type parameter=;charset=utf-8}',
  'Content-Length: {Content-Length=%length}',
];

const BODY = [
  'v={SDP version=0}',
  'o={SDP user=-} {SDP session id=1} {SDP session version=1} {SDP network type=IN} {SDP address type=IP4} {SDP origin=%host}',
  's={SDP name=-}',
  'c=IN IP4 {SDP connection=%host}',
  't={SDP start=0} {SDP stop=0}',
  'm={SDP media=audio} {SDP port=40000} {SDP transport=RTP/AVP} {SDP format=8}',
  'a=rtpmap:{SDP payload number=8} {SDP encoding=PCMA}/{SDP clock rate=8000}',
  'a={SDP attribute=sendrecv}',
];

const ELEMENT = /\{([^=}]+)=([^}]*)\}/g;

/** Element by element, in the order of the message. */
const ELEMENTS: readonly string[] = [...HEAD, ...BODY].flatMap((line) =>
  [...line.matchAll(ELEMENT)].map(([, name = '']) => name),
);

type Filling = (element: string, usual: string) => string;

const fill = (lines: readonly string[], filling: Filling): string =>
  lines
    .map(
      (line) => `${line.replace(ELEMENT, (_all, name: string, usual: string) => filling(name, usual))}\r\n`,
    )
    .join('');

function message(filling: Filling, { host, port, number, server }: Parties, serial: number): Buffer {
  const named = (text: string): string =>
    text
      .replaceAll('%host', host)
      .replaceAll('%port', String(port))
      .replaceAll('%number', number)
      .replaceAll('%server', server)
      .replaceAll('%serial', String(serial));
  const body = named(fill(BODY, filling));
  const head = named(fill(HEAD, filling)).replaceAll('%length', String(body.length));
  return Buffer.from(`${head}\r\n${body}`, 'latin1');
}

function anomalous(element: string, text: string): Filling {
  return (name, usual) => {
    if (name !== element) return usual;
    return text === '\x00TWICE\x00' ? usual + usual : text;
  };
}

/** A line that is there twice, or not at all. */
function lineCases(): ProtosCase[] {
  const usual: Filling = (_name, value) => value;
  return HEAD.slice(1).flatMap((line, index) => {
    const element = `line ${line.slice(0, line.indexOf(':'))}`;
    const change = (anomaly: string, made: (text: string[]) => string[]): ProtosCase => ({
      element,
      anomaly,
      bytes: (parties, serial) => {
        const [head = '', ...rest] = message(usual, parties, serial).toString('latin1').split('\r\n\r\n');
        return Buffer.from([made(head.split('\r\n')).join('\r\n'), ...rest].join('\r\n\r\n'), 'latin1');
      },
    });
    const at = index + 1;
    return [
      change('missing', (lines) => lines.filter((_line, number) => number !== at)),
      change('twice', (lines) => lines.toSpliced(at, 0, lines[at] ?? '')),
      change('a hundred times', (lines) =>
        lines.toSpliced(at, 0, ...Array.from({ length: 99 }, () => lines[at] ?? '')),
      ),
      change('without a colon', (lines) => lines.with(at, (lines[at] ?? '').replace(':', ''))),
    ];
  });
}

/** Every anomaly in every element of an INVITE, and every line missing or repeated: the same in each run. */
export const PROTOS_CASES: readonly ProtosCase[] = [
  ...ELEMENTS.flatMap((element) =>
    ANOMALIES.map(([anomaly, text]): ProtosCase => ({
      element,
      anomaly,
      bytes: (parties, serial) => message(anomalous(element, text), parties, serial),
    })),
  ),
  ...lineCases(),
];
