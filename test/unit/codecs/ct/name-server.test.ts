/** The name server's messages by name. */
import { expect, test } from 'vitest';
import { nameServerAccepts, nameServerRequests } from '../../../../src/codecs/ct/name-server.ts';
import { NameServerCommand } from '../../../../src/codecs/ct/name-server-codes.ts';

test('each command has a request and an accept, and its request its code', () => {
  const names = Object.keys(NameServerCommand);
  expect(Object.keys(nameServerRequests)).toEqual(names);
  expect(Object.keys(nameServerAccepts)).toEqual(names);
  for (const [name, command] of Object.entries(NameServerCommand)) {
    const request = nameServerRequests[name as keyof typeof nameServerRequests];
    const accept = nameServerAccepts[name as keyof typeof nameServerAccepts];
    expect([request.name, request.kind]).toEqual([name, name]);
    expect(accept.kind).toBe(`CT_ACC ${name}`);
    // Zeros decode where everything has a fixed size: the code stands in the table's default.
    const preamble = request.table.preamble.default?.({}, () => 0);
    expect(preamble).toMatchObject({ gsType: 0xfc, gsSubtype: 2, command });
  }
});
