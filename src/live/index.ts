/** The live driver: the machines on a real clock and on sockets. */
export * from './driver.ts';
export * from './server.ts';
export * from './stream-listener.ts';
