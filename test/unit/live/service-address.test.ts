import { describe, expect, it } from 'vitest';
import { ListenError } from '../../../src/live/listen-address.ts';
import {
  formatServiceAddress,
  isServiceAddress,
  parseExportRule,
  parseServiceAddress,
} from '../../../src/live/service-address.ts';

describe('nfs:HOST:PORT', () => {
  it.each([
    ['nfs:127.0.0.1:2049', { protocol: 'nfs', host: '127.0.0.1', port: 2049 }],
    ['nfs:[::1]:0', { protocol: 'nfs', host: '::1', port: 0 }],
    ['nfs:localhost:20490', { protocol: 'nfs', host: 'localhost', port: 20_490 }],
  ])('%s', (text, address) => {
    expect(isServiceAddress(text)).toBe(true);
    expect(parseServiceAddress(text)).toEqual(address);
    expect(formatServiceAddress(parseServiceAddress(text))).toBe(text);
  });

  it.each(['nfs:', 'nfs:2049', 'nfs:host', 'nfs:host:70000', 'nfs:host:x'])(
    '%s is none',
    (text) => {
      expect(() => parseServiceAddress(text)).toThrow(ListenError);
    },
  );

  it('a socket of a guest is none', () => {
    expect(isServiceAddress('unix:/tmp/nfs')).toBe(false);
    expect(isServiceAddress('tcp:127.0.0.1:2049')).toBe(false);
  });
});

describe('--export', () => {
  it('names clients, and what they may do', () => {
    expect(parseExportRule('10.0.0.0/8')).toEqual({ clients: '10.0.0.0/8', access: 'read-write' });
    expect(parseExportRule('*:ro')).toEqual({ clients: '*', access: 'read-only' });
    expect(parseExportRule('::1:ro')).toEqual({ clients: '::1', access: 'read-only' });
  });

  it('refuses what names nobody', () => {
    expect(() => parseExportRule('everybody')).toThrow(
      '--export everybody: needs *, an IP address',
    );
    expect(() => parseExportRule(':ro')).toThrow(ListenError);
  });
});
