/** Sites that do not fit together. */
import { expect, test } from 'vitest';
import { complaint, TEXT } from '../../helpers/scenario.ts';

const SITES =
  'sites: [{ name: east }, { name: west, to: { east: { delayUs: 2500, gbps: 1 } } }]\nfabrics:';

/** The built-in scenario with its second host at another site. */
const apart = (text = TEXT): string =>
  text
    .replace('fabrics:', SITES)
    .replace('{ name: h2, ports: [A, B] }', '{ name: h2, site: west, ports: [A, B] }');

test.each([
  [apart().replace('site: west,', 'site: wset,'), /there is no site wset/],
  [TEXT.replace('{ name: h2,', '{ name: h2, site: west,'), /has no sites: say sites/],
  [apart().replace(', to: { east: { delayUs: 2500, gbps: 1 } }', ''), /how far is west from east/],
  [apart().replace('to: { east:', 'to: { north:'), /there is no site north before west/],
  [apart().replace('{ name: west, to', '{ name: east, to'), /the site east is there twice/],
])('what does not fit together is said', (text, what) => {
  expect(complaint(text).message).toMatch(what);
});

test('a site that is misspelt is told once, with the one that was meant', () => {
  const { message, others } = complaint(apart().replace('to: { east:', 'to: { eats:'));
  expect(message).toMatch(/there is no site eats before west; there is east; did you mean east\?$/);
  expect(others).toEqual([]);
});
