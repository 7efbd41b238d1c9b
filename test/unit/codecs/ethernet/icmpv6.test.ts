/** ICMPv6: the layouts of RFC 4861, 4.3 and 4.4. */
import { expect, test } from 'vitest';
import { icmpv6 } from '../../../../src/codecs/ethernet/index.ts';
import { parseHex } from '../../../../src/codecs/layout/index.ts';
import { expectEncoded } from '../../../helpers/vector.ts';

const ADDRESS = 'fe800000000000000000000000000001';

test('asks who has an address, and says who', () => {
  const targetAddress = parseHex(ADDRESS);
  expectEncoded(
    icmpv6,
    { kind: 'neighbor solicitation', targetAddress },
    `87000000 00000000 ${ADDRESS}`,
  );
  expectEncoded(
    icmpv6,
    { kind: 'neighbor advertisement', router: 1, override: 1, targetAddress },
    `88000000 a0000000 ${ADDRESS}`,
  );
});

test('other messages, and those that are too short, keep their bytes', () => {
  expect(icmpv6.decode(parseHex('8000000012340001'))).toMatchObject({ kind: 'other', type: 128 });
  expect(icmpv6.decode(parseHex('8700000000000000'))).toMatchObject({ kind: 'other', type: 135 });
});
