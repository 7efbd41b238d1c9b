/** Bodies of the REST surface in JSON and XML. */
import { XMLParser } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';
import {
  listOf,
  mediaOf,
  RestBodyError,
  type RestValue,
  readRest,
  textsOf,
  writeRest,
} from '../../../../src/live/management/rest-format.ts';

const VALUE: RestValue = {
  zone: [
    { 'zone-name': 'z1', 'zone-type': 0, 'member-entry': { 'entry-name': ['a', 'b'] } },
    { 'zone-name': 'z<2>&"', 'zone-type': 0, 'member-entry': { 'entry-name': ['a'] } },
  ],
};

describe('writing', () => {
  test('JSON and XML hold the same', () => {
    const { body, type } = writeRest('json', 'Response', VALUE);
    expect([JSON.parse(body), type]).toEqual([{ Response: VALUE }, 'application/yang-data+json']);
    const xml = writeRest('xml', 'Response', VALUE);
    expect(xml.type).toBe('application/yang-data+xml');
    const read = new XMLParser().parse(xml.body).Response.zone;
    expect(read[0]).toEqual({
      'zone-name': 'z1',
      'zone-type': 0,
      'member-entry': { 'entry-name': ['a', 'b'] },
    });
    expect(read[1]['zone-name']).toBe('z<2>&"');
  });

  test('characters that XML does not have are not written', () => {
    const { body } = writeRest('xml', 'Response', { name: 'a\0b\u001bc\nd' });
    expect(body).toContain('<name>a?b?c\nd</name>');
  });
});

describe('reading', () => {
  test('both give texts, and a list of one as one', () => {
    expect(readRest('json', '{"zone":[{"zone-name":"z1"}]}')).toEqual({
      zone: [{ 'zone-name': 'z1' }],
    });
    expect(
      readRest('xml', '<?xml version="1.0"?><zone><zone-name>0012</zone-name></zone>'),
    ).toEqual({ zone: { 'zone-name': '0012' } });
    expect(readRest('json', ' ')).toEqual({});
  });

  test.each<['json' | 'xml', string]>([
    ['json', '{'],
    ['json', '7'],
    ['json', '[]'],
    ['xml', '<a>'],
    ['xml', '<a></b>'],
    ['xml', 'text'],
    ['json', `${'{"a":'.repeat(20)}1${'}'.repeat(20)}`],
  ])('%s %s is refused in a line', (media, text) => {
    expect(() => readRest(media, text)).toThrow(RestBodyError);
    expect(() => readRest(media, text)).toThrow(/^.+$/);
  });

  test('an entity is not expanded, and nothing is fetched', () => {
    const bomb = '<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;">]><a>&y;</a>';
    let read: unknown;
    try {
      read = readRest('xml', bomb);
    } catch (error) {
      expect(error).toBeInstanceOf(RestBodyError);
    }
    expect(JSON.stringify(read ?? '')).not.toContain('xxxxxxxxxx');
  });
});

test('JSON only where it is asked for', () => {
  expect(['application/yang-data+json', 'application/json', '*/*', undefined].map(mediaOf)).toEqual(
    ['json', 'json', 'xml', 'xml'],
  );
});

test('one or several are a list', () => {
  expect([listOf(undefined), listOf(''), listOf('a'), listOf(['a'])]).toEqual([
    [],
    [],
    ['a'],
    ['a'],
  ]);
  expect(textsOf([' a ', 'b'], 'x')).toEqual(['a', 'b']);
  expect(() => textsOf([{}], 'entry-name')).toThrow('entry-name must be text');
});
