/** Markup as text: what is escaped, how tables and figures look. */
import { expect, test } from 'vitest';
import { count, duration, html, Markup, tableOf } from '../../../src/report/markup.ts';

test('what comes from outside is escaped', () => {
  expect(html`<b>${'<script>"&'}</b>`.text).toBe('<b>&lt;script&gt;&quot;&amp;</b>');
});

test('markup inside of markup is taken as it is, and lists are joined', () => {
  const items = ['a', 'b&'].map((one) => html`<i>${one}</i>`);
  expect(html`<p>${items}${3}${new Markup('<br>')}</p>`.text).toBe(
    '<p><i>a</i><i>b&amp;</i>3<br></p>',
  );
});

test('a table escapes its cells and aligns its figures', () => {
  const { text } = tableOf(['what', 'how many'], [['<x>', 7]], [1]);
  expect(text).toContain('<th class="number">how many</th>');
  expect(text).toContain('<td>&lt;x&gt;</td><td class="number">7</td>');
});

test.each([
  [7, '7 ns'],
  [1500, '1.5 µs'],
  [1_234_567, '1.235 ms'],
  [2e9, '2.000 s'],
])('%d ns is %s', (ns, text) => expect(duration(ns)).toBe(text));

test('thousands are told apart', () => expect(count(1_234_567)).toBe('1,234,567'));
