import { parseDatagram, serialize } from '@legato/sip';

/** What the message layer does on one core of this machine. */
export interface ParserFigures {
  readonly messagesPerSecond: number;
  readonly microsPerMessage: number;
  readonly serializedPerSecond: number;
  /** Milliseconds for the slowest of several hostile messages of 64 KiB. */
  readonly worst64kMs: number;
}

const BODY = [
  'v=0',
  'o=alice 2890844526 2890844526 IN IP4 client.atlanta.example.com',
  's=-',
  'c=IN IP4 192.0.2.101',
  't=0 0',
  'm=audio 49172 RTP/AVP 0 8 101',
  'a=rtpmap:0 PCMU/8000',
  'a=rtpmap:8 PCMA/8000',
  'a=rtpmap:101 telephone-event/8000',
  'a=fmtp:101 0-15',
  'a=ptime:20',
  'a=sendrecv',
  '',
].join('\r\n');

/** An INVITE of about 1 kB as it leaves a proxy: two Vias, Record-Route, a session description. */
const INVITE = Buffer.from(
  [
    'INVITE sip:bob@biloxi.example.com;transport=udp SIP/2.0',
    'Via: SIP/2.0/UDP ss1.atlanta.example.com:5060;branch=z9hG4bK2d4790.1;rport',
    'Via: SIP/2.0/UDP client.atlanta.example.com:5060;branch=z9hG4bK74bf9;received=192.0.2.101',
    'Max-Forwards: 69',
    'Record-Route: <sip:ss1.atlanta.example.com;lr>',
    'From: "Alice" <sip:alice@atlanta.example.com>;tag=9fxced76sl',
    'To: "Bob" <sip:bob@biloxi.example.com>',
    'Call-ID: 3848276298220188511@atlanta.example.com',
    'CSeq: 1 INVITE',
    'Contact: <sip:alice@client.atlanta.example.com;transport=udp>',
    'Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, REFER, NOTIFY, INFO, UPDATE, PRACK',
    'Supported: replaces, timer, 100rel',
    'User-Agent: Example softphone 1.0.8',
    'Content-Type: application/sdp',
    `Content-Length: ${BODY.length}`,
    '',
    BODY,
  ].join('\r\n'),
);

const HEAD =
  'INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\nTo: <sip:a@b>\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n';
/** What is repeated until the message has 64 KiB. */
const HOSTILE = [
  'Subject:\r\n ',
  'From: <sip:a@b>;a=b',
  'X-Y: z\r\n',
  'v:SIP/2.0/UDP a\r\n',
  'From: "\\"',
  'Contact: ,',
  ' ',
  '\r\n',
  '"',
  'a,',
];

const ROUND_MESSAGES = 2_000;

/** Microseconds per run in the best of the rounds that fit into `ms`. */
function bestMicros(ms: number, run: () => unknown): number {
  let best = Infinity;
  const until = performance.now() + ms;
  while (performance.now() < until) {
    const start = performance.now();
    for (let i = 0; i < ROUND_MESSAGES; i++) run();
    best = Math.min(best, ((performance.now() - start) * 1000) / ROUND_MESSAGES);
  }
  return best;
}

function worstMs(): number {
  let worst = 0;
  for (const piece of HOSTILE) {
    const bytes = Buffer.from(HEAD + piece.repeat(70_000 / piece.length)).subarray(0, 65_535);
    let best = Infinity;
    for (let run = 0; run < 20; run++) {
      const start = performance.now();
      parseDatagram(bytes);
      best = Math.min(best, performance.now() - start);
    }
    worst = Math.max(worst, best);
  }
  return worst;
}

/** Parses and writes one INVITE of 1 kB for about four seconds, then the hostile messages. */
export function parserBench(): Promise<ParserFigures> {
  const outcome = parseDatagram(INVITE);
  if (!outcome.ok) return Promise.reject(new Error(outcome.error.text));
  const micros = bestMicros(3000, () => parseDatagram(INVITE));
  const { message } = outcome;
  const serializeMicros = bestMicros(1000, () => serialize(message));
  return Promise.resolve({
    messagesPerSecond: Math.round(1e6 / micros),
    microsPerMessage: Number(micros.toFixed(2)),
    serializedPerSecond: Math.round(1e6 / serializeMicros),
    worst64kMs: Number(worstMs().toFixed(3)),
  });
}
