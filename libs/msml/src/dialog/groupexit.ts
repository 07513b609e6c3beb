import { defineHandler } from './actions';

/** What is done when all members of a group have ended (§9.8.2). */
export const groupexit = defineHandler('groupexit', '9.8.2');
