/** What Nest provides under which name. */
export const CONFIG = Symbol('CONFIG');
export const CLOCK = Symbol('CLOCK');
export const LOG = Symbol('LOG');
export const MEDIA = Symbol('MEDIA');
