import type { FieldMap } from '../mapping.ts';
export const swIlsFields: FieldMap = {};
