// On a busy machine real peers, and properties with thousands of runs, take long: what a test waits for has deadlines of
// its own.
jest.setTimeout(60_000);
