/** Byte streams in captures: segments put together, and cut into units. */
export * from './framer.ts';
export * from './stream-reader.ts';
export * from './unit-reader.ts';
