import { defineHandler } from './actions';

/** What is done when a play has ended (§9.7.1.5). */
export const playexit = defineHandler('playexit', '9.7.1.5');
