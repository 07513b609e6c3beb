import { functionName, librarySource } from './library';

describe('the library of functions', () => {
  it('begins with the line that Redis asks for', () => {
    expect(librarySource).toMatch(/^#!lua name=legato_[0-9a-f]{8}\n/);
  });

  it('registers every function under the name that is called', () => {
    const registered = [...librarySource.matchAll(/(?:register_function\(|function_name = )'(\w+)'/g)].map(
      (match) => match[1],
    );
    const names = [
      'register',
      'heartbeat',
      'fence',
      'leave',
      'peers',
      'write',
      'reassert',
      'claim',
      'claimed',
      'list',
      'registrationWrite',
      'registrationList',
      'registrationDue',
      'append',
      'documentWrite',
    ] as const;
    expect(registered.sort()).toEqual(names.map(functionName).sort());
  });

  it('has no placeholder left', () => {
    expect(librarySource).not.toContain('%NAME%');
  });
});
