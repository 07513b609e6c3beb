/** What is written in the place of an element, one character per byte; each has a name. */
export type Anomaly = readonly [name: string, text: string];

const times = (unit: string, count: number): string => unit.repeat(count);

/** Lengths at which buffers of fixed size end, up to what a datagram holds. */
const LENGTHS = [1, 127, 256, 1_023, 4_095, 8_192, 16_383, 64_000];
/** Units whose repetition has been slow or has overrun something, and how often they come. */
const UNITS = [' ', '\0', '/', '.', ':', '@', '%', '<', '"', '\\', ';a=b', ',', '='];
const UNIT_COUNT = 1_024;

const overflows = (): Anomaly[] => [
  ...LENGTHS.map((length): Anomaly => [`${length} letters`, times('a', length)]),
  ...UNITS.map((unit): Anomaly => [`${UNIT_COUNT} of ${JSON.stringify(unit)}`, times(unit, UNIT_COUNT)]),
];

const FORMATS: readonly Anomaly[] = [
  ['format: strings', times('%s', 64)],
  ['format: writes', times('%n', 64)],
  ['format: a width', '%99999999d'],
  ['format: a position', '%1$n%2$s'],
];

const UTF_8: readonly Anomaly[] = [
  ['UTF-8: an overlong slash', '\xc0\xaf'],
  ['UTF-8: an overlong NUL', '\xe0\x80\x80'],
  ['UTF-8: a surrogate', '\xed\xa0\x80'],
  ['UTF-8: cut off', 'abc\xe2\x82'],
  ['UTF-8: a continuation alone', times('\x80', 64)],
  ['UTF-8: no such byte', '\xfe\xff'],
  ['UTF-8: a line separator', '\xe2\x80\xa8'],
  ['UTF-8: a byte order mark', '\xef\xbb\xbfabc'],
];

const INTEGERS = [
  '-1',
  '0',
  '+1',
  '00000000000000000001',
  '256',
  '65536',
  '2147483648',
  '4294967296',
  '4294967328',
  '9223372036854775808',
  '18446744073709551616',
  '0x10',
  '1e3',
  times('9', 1_024),
].map((text): Anomaly => [`number ${text.slice(0, 24)}`, text]);

const IPV4 = [
  '0.0.0.0',
  '255.255.255.255',
  '1.2.3',
  '1.2.3.4.5',
  '1..2.3',
  '0x7f.0.0.1',
  '2130706433',
  '[::1',
  '[1:2:3:4:5:6:7:8:9]',
  '[::ffff:1.2.3.999]',
].map((text): Anomaly => [`address ${text}`, text]);

const TERMINALS: readonly Anomaly[] = [
  ['ANSI: clear', '\x1b[2J'],
  ['ANSI: title', '\x1b]0;owned\x07'],
  ['ANSI: report', times('\x1b[6n', 32)],
  ['control characters', '\x01\x02\x03\x7f\x08'],
];

const LINE_ENDS: readonly Anomaly[] = [
  ['CR alone', 'a\rb'],
  ['LF alone', 'a\nb'],
  ['a line end', 'a\r\nb'],
  ['a field of its own', 'a\r\nX-Injected: yes'],
  ['the end of the head', 'a\r\n\r\nb'],
  ['a fold', 'a\r\n b'],
  ['line ends', times('\r\n', 128)],
];

const PAIRS: readonly Anomaly[] = [
  ['empty', ''],
  ['twice', '\x00TWICE\x00'],
  ['quotes that do not end', '"abc'],
  ['brackets that do not end', '<abc'],
  ['a quoted pair at the end', '"abc\\'],
  ['a comment that does not end', '((('],
];

/** As in the test suite PROTOS c07-sip: overflows, format strings, UTF-8, numbers, addresses, terminals, line ends, emptiness. */
export const ANOMALIES: readonly Anomaly[] = [
  ...overflows(),
  ...FORMATS,
  ...UTF_8,
  ...INTEGERS,
  ...IPV4,
  ...TERMINALS,
  ...LINE_ENDS,
  ...PAIRS,
];
