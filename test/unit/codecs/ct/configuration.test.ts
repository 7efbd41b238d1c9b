/** The fabric configuration server's messages by name. */
import { expect, test } from 'vitest';
import {
  configurationAccepts,
  configurationRequests,
} from '../../../../src/codecs/ct/configuration.ts';
import { ConfigurationCommand } from '../../../../src/codecs/ct/configuration-codes.ts';

test('each command has a request and an accept, and its request its code', () => {
  const names = Object.keys(ConfigurationCommand);
  expect(Object.keys(configurationRequests)).toEqual(names);
  expect(Object.keys(configurationAccepts)).toEqual(names);
  for (const [name, command] of Object.entries(ConfigurationCommand)) {
    const request = configurationRequests[name as keyof typeof configurationRequests];
    const accept = configurationAccepts[name as keyof typeof configurationAccepts];
    expect(request.kind).toBe(name);
    expect(accept.kind).toBe(`CT_ACC ${name}`);
    const preamble = request.table.preamble.default?.({}, () => 0);
    expect(preamble).toMatchObject({ gsType: 0xfa, gsSubtype: 1, command });
  }
});
