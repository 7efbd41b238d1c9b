import { describe, expect, it } from 'vitest';
import { headCode } from '../../../../src/codecs/layout/generated.ts';
import { layOut } from '../../../../src/codecs/layout/layout.ts';
import { newParser } from '../../../../src/codecs/layout/parser.ts';
import { everyCodec } from '../../../helpers/every-codec.ts';

const tables = (await everyCodec()).filter((codec) => codec.table !== undefined);

describe('the code that binary-parser generates', () => {
  it('is understood for every message of the library', () => {
    expect(tables.length).toBeGreaterThan(300);
    const odd = tables.filter(({ name, kind, table }) => {
      const parser = newParser();
      for (const { key, field } of layOut(name, kind, table!).head) field.plan(parser, key);
      return headCode(parser) === undefined;
    });
    expect(odd.map(({ name }) => name)).toEqual([]);
  });

  it('is refused where one line of it is not known', () => {
    const parser = newParser().uint8('code').uint16be('count').buffer('raw', { length: 3 });
    const { code, imports } = parser.getContext!('imports');
    expect(headCode(parser)).toBeDefined();
    const lines = code.split('\n');
    for (let i = 0; i < lines.length - 1; i++) {
      for (const other of [[], ['dataView = undefined;'], [`${lines[i]} more`]]) {
        const changed = [...lines.slice(0, i), ...other, ...lines.slice(i + 1)].join('\n');
        // A line that counts bytes may be missing: then it is another message's code.
        if (other.length === 0 && lines[i]!.match(/^offset|= dataView|= buffer/)) continue;
        const getContext = () => ({ code: changed, imports });
        expect(headCode({ ...parser, getContext }), changed).toBeUndefined();
      }
    }
    expect(headCode({ ...newParser(), getContext: undefined } as never)).toBeUndefined();
  });
});
