/** Layouts for writing: when two surely have one. */
import { expect, test } from 'vitest';
import { isForWriting, SeenLayouts } from '../../../../../src/audit/seen/nfs4/layouts.ts';

const S = 1e9;
const moment = (seconds: number, frame = seconds) => ({ at: seconds * S, frame });
const stateid = (number: number) => ({ seqid: 1, other: new Uint8Array(12).fill(number) });
const placeOf = (client: string) => ({ server: 's', client, who: `host ${client}`, file: 'f' });

function given() {
  const layouts = new SeenLayouts();
  const grant = (client: string, seconds: number, heard = seconds) =>
    layouts.granted(placeOf(client), stateid(client.charCodeAt(0)), moment(seconds), () =>
      moment(heard),
    )?.what;
  expect(grant('a', 1)).toBe('');
  return { layouts, grant };
}

test('a layout that another has is found, and no layout of one that is silent, late or has given it back', () => {
  const { grant } = given();
  expect(grant('b', 3)).toBe(
    'the layout of file f for writing went to host b in frame 3, while host a had had it since frame 1',
  );
  expect(given().grant('b', 30, 1)).toBe('');
  const late = given();
  late.layouts.recalled('s', 'a', 'f', moment(2));
  expect(late.grant('b', 20)).toBe('');
  const back = given();
  back.layouts.returning('s', 'a', '', moment(2));
  expect(back.grant('b', 3)).toBe('');
});

test('what is committed under a layout that was returned', () => {
  const { layouts } = given();
  const commit = (seconds: number) =>
    layouts.committed(placeOf('a'), stateid(97), moment(seconds))?.what;
  expect(commit(2)).toBe('');
  layouts.returned('s', 'a', 'f', moment(3));
  expect(commit(5)).toBe(
    'LAYOUTCOMMIT of frame 5 was taken under a layout that had been returned in frame 3',
  );
  expect(layouts.committed(placeOf('b'), stateid(98), moment(5))).toBeUndefined();
  layouts.clear();
  expect(commit(5)).toBeUndefined();
});

test('only layouts of blocks for writing count', () => {
  expect(isForWriting({ type: 3, iomode: 2 })).toBe(true);
  expect(isForWriting({ type: 3, iomode: 1 })).toBe(false);
  expect(isForWriting({ type: 1, iomode: 2 })).toBe(false);
});
