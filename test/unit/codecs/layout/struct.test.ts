/** A message of fixed size as a field of another. */
import { codec, struct, u8, u16 } from '../../../../src/codecs/layout/index.ts';
import { describeVectors } from '../../../helpers/field-vectors.ts';

const pair = codec('pair', 'this test', { first: u16, second: u8 });

describeVectors([['struct', struct(pair), '01 02 03', { first: 258, second: 3 }]]);
