/** Lines of comma-separated values. */
import { expect, test } from 'vitest';
import { csvLine } from '../../../src/cli/csv.ts';

test('cells with what separates cells stand in quotes; nothing is empty', () => {
  expect(csvLine([1, undefined, 'a,b', 'say "x"', 'two\nlines', 5n])).toBe(
    '1,,"a,b","say ""x""","two\nlines",5',
  );
});

test('no text of a capture becomes a formula; numbers stay numbers', () => {
  expect(csvLine(['=1+1', '@x', '-x', '-1.5', '+x'])).toBe("'=1+1,'@x,'-x,-1.5,'+x");
});
