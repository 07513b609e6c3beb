import { defineHandler } from './actions';

/** What is done once, on the first digit (§9.7.5.3). */
export const detect = defineHandler('detect', '9.7.5.3');
