/** The codec kernel: tables of fields and what is made of them. */
export * from './annotate.ts';
export * from './codec.ts';
export * from './cursor.ts';
export { type CutValue, cutOf, isCutFault, isCutValue, registerCut, wholeOf } from './cut.ts';
export * from './error.ts';
export * from './family.ts';
export * from './field.ts';
export * from './list.ts';
export * from './message.ts';
export * from './names.ts';
export * from './numbers.ts';
export * from './octets.ts';
export * from './part.ts';
export * from './struct.ts';
export * from './tail.ts';
export * from './terminated.ts';
export * from './text.ts';
