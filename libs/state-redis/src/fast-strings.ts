import 'ioredis';

/**
 * ioredis has a class that extends String. V8 keeps an object that has just become a prototype as a dictionary until an inline
 * cache goes through it, and those for strings, being primitives, never do: from then on each method of each string of the
 * process would be looked up by name, which took an eighth of the time of a call. Calls on a String object make it fast again.
 */
function makeStringsFast(): void {
  const text = Object('x') as string;
  for (let call = 0; call < CALLS; call += 1) text.charCodeAt(0);
}

/** V8 (11 to 13) looks at what a function does from the hundredth call or so. */
const CALLS = 2_000;

makeStringsFast();
