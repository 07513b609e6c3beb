import { defineHandler } from './actions';

/** What is done when the tones have ended (§9.7.3). */
export const tonegenexit = defineHandler('tonegenexit', '9.7.3.3');
