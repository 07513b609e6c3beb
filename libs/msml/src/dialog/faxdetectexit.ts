import { defineHandler } from './actions';

/** What is done when fax detection has ended (§9.11.2). */
export const faxdetectexit = defineHandler('faxdetectexit', '9.11.2');
