/** ELS payloads, read by what they are: requests by their command, accepts by what they accept. */
import { expect } from 'vitest';
import { elsAccept, elsRequest } from '../../src/codecs/els/family.ts';
import { formatHex, parseHex } from '../../src/codecs/layout/text.ts';
import { checkEveryLength } from './every-length.ts';

/** A request, decoded; encoded it is the same, cut it is a value or an error. */
export function sameRequest(hex: string) {
  const bytes = parseHex(hex);
  const value = elsRequest.decode(bytes);
  expect(formatHex(elsRequest.encode(value))).toBe(formatHex(bytes));
  checkEveryLength(elsRequest, bytes);
  return value;
}

/** The same of the accept of a request with this command. */
export function sameAccept(command: number, hex: string) {
  const accept = elsAccept(command);
  const bytes = parseHex(hex);
  const value = accept.decode(bytes);
  expect(formatHex(accept.encode(value))).toBe(formatHex(bytes));
  checkEveryLength(accept, bytes);
  return value;
}
