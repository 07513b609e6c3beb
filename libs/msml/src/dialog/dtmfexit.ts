import { defineHandler } from './actions';

/** What is done when the collection has ended (§9.7.5.6). */
export const dtmfexit = defineHandler('dtmfexit', '9.7.5.6');
