import { refusesForGood, speaksMsml } from './speaks-msml';

describe('what the answer to an audit tells', () => {
  it.each([
    [{ sipStatus: 200, response: '200' }, true],
    [{ sipStatus: 200, response: '402' }, true],
    [{ sipStatus: 200, response: '500' }, true],
    [{ sipStatus: 200, response: '503' }, false],
    [{ sipStatus: 200, response: '510' }, false],
    [{ sipStatus: 200, response: '511' }, false],
    [{ sipStatus: 200 }, true],
    [{ sipStatus: 415 }, true],
    [{ sipStatus: 408 }, false],
    [{ sipStatus: 481 }, false],
    [{ sipStatus: 500 }, false],
  ])('%j: works %s', (outcome, works) => expect(speaksMsml(outcome)).toBe(works));
});

describe('what the refusal of a dialog without media tells', () => {
  it.each([
    [488, true],
    [405, true],
    [501, true],
    [603, true],
    [408, false],
    [480, false],
    [500, false],
    [503, false],
  ])('%i: for good %s', (status, forGood) => expect(refusesForGood(status)).toBe(forGood));
});
