import { defineHandler } from './actions';

/** What is done when the recognition has ended (§9.10.1.5). */
export const speechexit = defineHandler('speechexit', '9.10.1.5');
