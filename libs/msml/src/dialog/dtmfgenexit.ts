import { defineHandler } from './actions';

/** What is done when the digits were generated (§9.7.2). */
export const dtmfgenexit = defineHandler('dtmfgenexit', '9.7.2.1');
