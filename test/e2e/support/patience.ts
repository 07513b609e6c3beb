// Real peers on a busy machine: what each test waits for has deadlines of its own.
jest.setTimeout(60_000);
