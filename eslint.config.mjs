import tseslint from 'typescript-eslint';

const noSecretComparison = {
  selector:
    'BinaryExpression[operator=/^[!=]==?$/] > :matches(Identifier, MemberExpression[computed=false])[name=/([sS]ecret|apiKey|password)$/]',
  message: 'Compare secrets with timingSafeEqual.',
};

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', 'demo-out/**', 'coverage/**'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      complexity: ['error', 12],
      eqeqeq: 'error',
      'no-restricted-syntax': [
        'error',
        noSecretComparison,
        {
          selector: "Property[key.name='rejectUnauthorized'][value.value=false]",
          message: 'Certificates are always checked.',
        },
        { selector: 'ExportAllDeclaration', message: 'Barrels export names one by one.' },
      ],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['**/*.spec.ts', 'test/**/*.ts', 'libs/testing/**/*.ts'],
    rules: { 'max-lines-per-function': 'off', 'max-lines': 'off' },
  },
  { files: ['**/*.{js,mjs,cjs}'], ...tseslint.configs.disableTypeChecked },
  { files: ['**/*.{js,cjs}'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
);
