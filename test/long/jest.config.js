const { join } = require('node:path');
const { projects } = require('../../jest.config.js');

const e2e = projects.find(({ displayName }) => displayName === 'e2e');

// Tests that take minutes: not part of `npm test`.
module.exports = {
  ...e2e,
  displayName: 'long',
  rootDir: join(__dirname, '../..'),
  testMatch: ['<rootDir>/test/long/**/*.spec.ts'],
};
