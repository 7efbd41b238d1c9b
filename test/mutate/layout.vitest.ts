/** The tests that mutants of the codec kernel must not survive. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'test/unit/codecs/layout/{annotate,codec,cursor,family,field,generated,layout,list,numbers,octets,read,struct,tail,text,trace,view,write}.test.ts',
      // The same tests where no code may be made, and where binary-parser is called as it is.
      'test/unit/codecs/layout/{compile,parser}.test.ts',
      'test/property/codecs/layout/tables.test.ts',
    ],
    testTimeout: 60_000,
    env: { PROPERTY_RUNS: '60' },
  },
});
