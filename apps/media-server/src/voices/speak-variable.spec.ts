import type { PlayVariable } from '@legato/msml';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { chinese } from './chinese';
import { english } from './english';
import { speakVariable } from './speak-variable';

const folder = join(__dirname, '../../voices');
const textsOf = (language: string): Record<string, string> =>
  JSON.parse(readFileSync(join(folder, `${language}.json`), 'utf8')) as Record<string, string>;
const texts = { en: textsOf('en'), zh: textsOf('zh') };

/** What is said, in the words of the voice; silences in milliseconds. Undefined when it is refused. */
function said(type: PlayVariable['type'], value: string, subtype?: string, lang = 'en'): string | undefined {
  const variable = { type, value, 'xml:lang': lang, ...(subtype === undefined ? {} : { subtype }) };
  const spoken = speakVariable(variable);
  if (!spoken.ok) return undefined;
  const { language, parts } = spoken.value;
  return parts
    .map((part) => ('clip' in part ? (texts[language][part.clip] ?? `?${part.clip}`) : `${part.silenceMs}ms`))
    .join(' ');
}

describe('var (§9.7.1.4) in English', () => {
  it.each([
    ['number', '0', undefined, 'zero'],
    ['number', '7', undefined, 'seven'],
    ['number', '21', 'crn', 'twenty one'],
    ['number', '30', undefined, 'thirty'],
    ['number', '100', undefined, 'one hundred'],
    ['number', '115', undefined, 'one hundred fifteen'],
    ['number', '1001', undefined, 'one thousand one'],
    ['number', '42000', undefined, 'forty two thousand'],
    ['number', '1000000', undefined, 'one million'],
    ['number', '2000345006', undefined, 'two billion three hundred forty five thousand six'],
    ['number', '-5', undefined, 'minus five'],
    ['number', '3.14', undefined, 'three point one four'],
    ['number', '1', 'ord', 'first'],
    ['number', '12', 'ord', 'twelfth'],
    ['number', '32', 'ord', 'thirty second'],
    ['number', '300', 'ord', 'three hundredth'],
    ['number', '1000', 'ord', 'one thousandth'],
    ['digits', '0912#*aD', undefined, 'zero nine one two pound star eigh dee'],
    ['digits', '2015550123', 'ndn', 'two zero one 250ms five five five 250ms zero one two three'],
    ['digits', '12015550123', 'ndn', 'one two zero one 250ms five five five 250ms zero one two three'],
    ['digits', '21', 'crn', 'twenty one'],
    ['digits', '21', 'ord', 'twenty first'],
    ['date', '20030601', 'mdy', 'June first two thousand three'],
    ['date', '2024-02-29', undefined, 'February twenty ninth twenty twenty four'],
    ['date', '19991231', 'dmy', 'thirty first December nineteen ninety nine'],
    ['date', '19050110', 'ymd', 'nineteen oh five January tenth'],
    ['date', '19000110', 'y', 'nineteen hundred'],
    ['date', '20000110', 'my', 'January two thousand'],
    ['month', '2', undefined, 'February'],
    ['month', '12', undefined, 'December'],
    ['weekday', '1', undefined, 'Sunday'],
    ['weekday', '7', undefined, 'Saturday'],
    ['weekday', 'Monday', undefined, 'Monday'],
    ['time', '0000', undefined, 'twelve a.m.'],
    ['time', '1200', undefined, 'twelve p.m.'],
    ['time', '1505', undefined, 'three oh five p.m.'],
    ['time', '09:15:01', 't12', 'nine fifteen and one second a.m.'],
    ['time', '1500', 't24', 'fifteen hundred'],
    ['time', '09:05', 't24', 'oh nine oh five'],
    ['money', '1234', undefined, 'twelve dollars and thirty four cents'],
    ['money', '12.34', 'EUR', 'twelve euros and thirty four cents'],
    ['money', '1.01', 'gbp', 'one pound and one penny'],
    ['money', '5', undefined, 'five cents'],
    ['money', '0', undefined, 'zero dollars'],
    ['money', '-3.00', 'USD', 'minus three dollars'],
    ['duration', '0', undefined, 'zero seconds'],
    ['duration', '3661', undefined, 'one hour one minute one second'],
    ['duration', '90s', undefined, 'one minute thirty seconds'],
    ['duration', '172800s', undefined, 'two days'],
    ['silence', '5', undefined, '500ms'],
    ['silence', '1.5s', undefined, '1500ms'],
    ['silence', '20ms', undefined, '20ms'],
  ] as const)('says %s %s %s', (type, value, subtype, words) => {
    expect(said(type, value, subtype)).toBe(words);
  });
});

describe('var in Chinese', () => {
  it.each([
    ['number', '2', undefined, 'er4'],
    ['number', '10', undefined, 'shi2'],
    ['number', '15', undefined, 'shi2 wu3'],
    ['number', '20', undefined, 'er4 shi2'],
    ['number', '101', undefined, 'yi1 bai3 ling2 yi1'],
    ['number', '110', undefined, 'yi1 bai3 yi1 shi2'],
    ['number', '1001', undefined, 'yi1 qian1 ling2 yi1'],
    ['number', '2000', undefined, 'liang3 qian1'],
    ['number', '10000', undefined, 'yi1 wan4'],
    ['number', '10010', undefined, 'yi1 wan4 ling2 yi1 shi2'],
    ['number', '20003', undefined, 'liang3 wan4 ling2 san1'],
    ['number', '100000001', undefined, 'yi1 yi4 ling2 yi1'],
    ['number', '-3.05', undefined, 'fu4 san1 dian3 ling2 wu3'],
    ['number', '3', 'ord', 'di4 san1'],
    ['digits', '120#', undefined, 'yi1 er4 ling2 jing3hao4'],
    ['date', '20030601', undefined, 'er4 ling2 ling2 san1 nian2 liu4 yue4 yi1 ri4'],
    ['date', '20030611', 'mdy', 'liu4 yue4 shi2 yi1 ri4 er4 ling2 ling2 san1 nian2'],
    ['month', '11', undefined, 'shi2 yi1 yue4'],
    ['weekday', '1', undefined, 'xing1qi1ri4'],
    ['weekday', '4', undefined, 'xing1qi1san1'],
    ['time', '1400', undefined, 'shi2 si4 dian3 zheng3'],
    ['time', '1405', 't12', 'xia4wu3 liang3 dian3 ling2 wu3 fen1'],
    ['time', '093015', undefined, 'jiu3 dian3 san1 shi2 fen1 shi2 wu3 miao3'],
    ['money', '1234', undefined, 'shi2 er4 yuan2 san1 jiao3 si4 fen1'],
    ['money', '2.05', undefined, 'liang3 yuan2 ling2 wu3 fen1'],
    ['money', '2.02', 'USD', 'liang3 mei3yuan2 liang3 mei3fen1'],
    ['duration', '7322', undefined, 'liang3 xiao3shi2 liang3 fen1zhong1 liang3 miao3'],
    ['silence', '3', undefined, '300ms'],
  ] as const)('says %s %s %s', (type, value, subtype, words) => {
    expect(said(type, value, subtype, 'zh-CN')).toBe(words);
  });
});

describe('a var that can not be said', () => {
  it.each([
    ['date', '20030231', undefined],
    ['date', '20231301', undefined],
    ['date', '19000229', undefined],
    ['date', 'today', undefined],
    ['date', '20030601', 'mdm'],
    ['date', '20030601', 'xyz'],
    ['time', '2400', undefined],
    ['time', '1260', undefined],
    ['time', '12', undefined],
    ['time', '1200', 't13'],
    ['number', '', undefined],
    ['number', '1e5', undefined],
    ['number', '0x1F', undefined],
    ['number', '1234567890123', undefined],
    ['number', '-1', 'ord'],
    ['number', '1', 'roman'],
    ['digits', '12a4z', undefined],
    ['digits', '5'.repeat(129), undefined],
    ['digits', '12', 'ndn'],
    ['money', '12.3', undefined],
    ['money', '100', 'XXX'],
    ['duration', 'forever', undefined],
    ['duration', '60', 'min'],
    ['silence', '601', undefined],
    ['silence', '-1', undefined],
    ['weekday', '0', undefined],
    ['weekday', '8', undefined],
    ['month', '13', undefined],
    ['month', '0', undefined],
  ] as const)('%s %s %s is refused', (type, value, subtype) => {
    expect(said(type, value, subtype)).toBeUndefined();
  });

  it('is refused in a language that there is no voice for', () => {
    expect(speakVariable({ type: 'number', value: '1', 'xml:lang': 'fr' })).toMatchObject({ ok: false });
  });
});

describe('the language of a var', () => {
  const languageOf = (own: string | undefined, inherited?: string) => {
    const variable = {
      type: 'number',
      value: '1',
      ...(own === undefined ? {} : { 'xml:lang': own }),
    } as const;
    const spoken = speakVariable(variable, inherited);
    return spoken.ok ? spoken.value.language : undefined;
  };

  it('is its own, else that of its play, else English', () => {
    expect(languageOf('en-GB', 'zh')).toBe('en');
    expect(languageOf(undefined, 'zh-CN')).toBe('zh');
    expect(languageOf(undefined)).toBe('en');
    expect(languageOf('CMN-Hans')).toBe('zh');
  });
});

describe('the voices', () => {
  it.each(['en', 'zh'] as const)('%s has a file for each of its clips, and no other', (language) => {
    const files = readdirSync(join(folder, language)).sort();
    expect(files).toEqual(
      Object.keys(texts[language])
        .map((clip) => `${clip}.wav`)
        .sort(),
    );
  });

  it.each([
    ['en', english],
    ['zh', chinese],
  ] as const)('%s has a clip for every word of every value', (name, language) => {
    const files = new Set(readdirSync(join(folder, name)));
    const has = (clips: readonly string[]) => clips.every((clip) => files.has(`${clip}.wav`));
    const second = fc.option(fc.integer({ min: 0, max: 59 }), { nil: undefined });
    const time = fc.record({ hour: fc.nat(23), minute: fc.nat(59), second });
    const amount = fc.record({ negative: fc.boolean(), main: fc.nat(), hundredths: fc.nat(99) });
    const currency = fc.constantFrom('USD', 'EUR', 'GBP', 'CNY');
    fc.assert(
      fc.property(fc.nat(999_999_999_999), time, amount, currency, (number, clock, money, unit) => {
        return (
          has(language.cardinal(number)) &&
          has(language.ordinal(number)) &&
          has(language.duration(number)) &&
          has(language.time12(clock)) &&
          has(language.time24(clock)) &&
          has(language.money(money, unit)) &&
          has(language.year(1 + (number % 9999)))
        );
      }),
      { numRuns: 300 },
    );
    for (let month = 1; month <= 12; month++) expect(has(language.month(month))).toBe(true);
    for (let day = 1; day <= 31; day++) expect(has(language.day(day))).toBe(true);
    for (let day = 1; day <= 7; day++) expect(has(language.weekday(day))).toBe(true);
    for (const digit of '0123456789*#ABCD') expect(has([language.digit(digit)])).toBe(true);
    expect(has([language.minus, language.point])).toBe(true);
  });
});
