/** Lines between arrays and their witness. */
import { expect, test } from 'vitest';
import { formatLine, parseAnswer, parseQuestion } from '../../../../src/live/pair/witness-text.ts';

const question = { type: 'witness-ask', id: 4, site: 'east', generation: '1-west' } as const;
const answer = { type: 'witness-answer', id: 4, generation: '1-west', granted: true } as const;

test('what is said is read', () => {
  expect(formatLine(question)).toBe('{"id":4,"site":"east","generation":"1-west"}');
  expect(parseQuestion(formatLine(question))).toEqual(question);
  expect(parseAnswer(formatLine(answer))).toEqual(answer);
});

test.each(['', 'null', '[]', '{"id":1.5,"site":"a","generation":"0","granted":true}', '{"id":1}'])(
  '%s is neither',
  (line) => {
    expect([parseQuestion(line), parseAnswer(line)]).toEqual([undefined, undefined]);
  },
);
