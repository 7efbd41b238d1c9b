/** The log of `serve`, for people and for programs. */
import { expect, test } from 'vitest';
import { serveLog } from '../../../src/cli/serve-log.ts';
import type { LogRecord } from '../../../src/live/log.ts';

const RECORD: LogRecord = {
  level: 'warn',
  event: 'login',
  text: 'somebody logged in',
  fields: { wwpn: 'x', bytes: 2n ** 60n },
};

function logged(record: LogRecord, pretty: boolean): string {
  let text = '';
  serveLog({ write: (line) => (text += line) }, pretty)(record);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colour sequences begin with ESC
  return text.replace(/\u001b\[[0-9;]*m/g, '');
}

test('a program reads one JSON object a line', () => {
  const text = logged(RECORD, false);
  expect(text.endsWith('}\n')).toBe(true);
  const line = JSON.parse(text);
  expect(line).toMatchObject({
    level: 'warn',
    event: 'login',
    msg: 'somebody logged in',
    wwpn: 'x',
    bytes: '1152921504606846976',
  });
  expect(line.time).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  expect(line).not.toHaveProperty('pid');
});

test('a person reads the time of day and a sentence', () => {
  expect(logged(RECORD, true)).toMatch(/^\d\d:\d\d:\d\d\.\d{3} {2}somebody logged in\n$/);
});

test('what is for debugging is left out', () => {
  expect(logged({ ...RECORD, level: 'debug' }, false)).toBe('');
});
