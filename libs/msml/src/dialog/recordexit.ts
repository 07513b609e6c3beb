import { defineHandler } from './actions';

/** What is done when a recording has ended (§9.7.4.3). */
export const recordexit = defineHandler('recordexit', '9.7.4.3');
