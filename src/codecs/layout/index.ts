/** The codec kernel: tables of fields and what is made of them. */
export * from './codec.ts';
export * from './cursor.ts';
export * from './error.ts';
export * from './family.ts';
export * from './field.ts';
export * from './names.ts';
export * from './tail.ts';
export * from './text.ts';
