/** What is typed behind --listen. */
import { describe, expect, it } from 'vitest';
import {
  cannotListen,
  checkDistinct,
  formatPlace,
  ListenError,
  listenAddressFrom,
  parseListenAddress,
} from '../../../src/live/listen-address.ts';

describe('--listen', () => {
  it.each([
    ['unix:/tmp/a.sock', undefined, { kind: 'unix', path: '/tmp/a.sock' }],
    ['unix:a=b', undefined, { kind: 'unix', path: 'a=b' }],
    ['B=unix:x', 'B', { kind: 'unix', path: 'x' }],
    ['tcp:127.0.0.1:9000', undefined, { kind: 'tcp', host: '127.0.0.1', port: 9000 }],
    ['tcp:localhost:0', undefined, { kind: 'tcp', host: 'localhost', port: 0 }],
    ['prod.a=tcp:[::1]:1', 'prod.a', { kind: 'tcp', host: '::1', port: 1 }],
    ['udp:9000,9001', undefined, { kind: 'udp', localPort: 9000, remotePort: 9001 }],
  ])('%s', (text, fabric, place) => {
    expect(parseListenAddress(text)).toEqual({ fabric, place });
    expect(parseListenAddress(formatPlace(parseListenAddress(text).place)).place).toEqual(place);
  });

  it.each([
    ['fcf.sock', /needs unix:PATH, tcp:HOST:PORT or udp:LOCALPORT,REMOTEPORT/],
    ['unix:', /needs a path/],
    [`unix:${'x'.repeat(108)}`, /has 108 bytes; a socket's path has at most 107/],
    ['tcp:192.0.2.1:9000', /192\.0\.2\.1 is not this machine's loopback/],
    ['tcp:0.0.0.0:9000', /loopback/],
    ['tcp:127.0.0.1:65536', /port 65536 is not 0 to 65535/],
    ['udp:0,9001', /port 0 is not 1 to 65535/],
    ['udp:9000,9000', /must differ/],
    ['udp:127.0.0.1:9000', /needs unix:PATH/],
    ['1A=unix:x', /needs unix:PATH/],
  ])('%s is refused in one line', (text, why) => {
    const parse = () => parseListenAddress(text);
    expect(parse).toThrow(ListenError);
    expect(parse).toThrow(why);
  });
});

it('an address that a file says is refused with its place there', () => {
  const parse = () => listenAddressFrom('x.yaml:3:5: listen', 'ftp:x');
  expect(parse).toThrow(/^x\.yaml:3:5: listen ftp:x: needs unix:PATH/);
});

it.each([
  ['EADDRINUSE', /^cannot listen on unix:a: another program listens there; stop it/],
  ['EACCES', /permission denied/],
  ['EWHATEVER', /^cannot listen on unix:a: the system says EWHATEVER; choose another place$/],
])('a failed bind is one line: %s', (code, line) => {
  const error = cannotListen('unix:a', Object.assign(new Error('no'), { code }));
  expect(error).toBeInstanceOf(ListenError);
  expect(error.message).toMatch(line);
});

it.each([
  [['unix:a', 'unix:./a'], /^listen unix:\.\/a: given twice; each needs its own$/],
  [['tcp:127.0.0.1:5', 'B=tcp:127.0.0.1:5'], /^listen tcp:127\.0\.0\.1:5: given twice/],
  [['udp:1,2', 'udp:1,3'], /given twice/],
])('%j: one place for two is refused', (texts, line) => {
  expect(() => checkDistinct(texts.map(parseListenAddress))).toThrow(line);
});

it('places that only look alike are not', () => {
  const texts = ['unix:a', 'unix:b', 'tcp:127.0.0.1:0', 'tcp:127.0.0.1:0', 'udp:1,3', 'udp:2,3'];
  checkDistinct(texts.map(parseListenAddress));
});
