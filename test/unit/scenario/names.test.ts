/** One name space for nodes: a clash is one line with both places, when the file is read. */
import { describe, expect, test } from 'vitest';
import { loadScenario } from '../../../src/scenario/load.ts';
import { cableName, switchName } from '../../../src/scenario/names.ts';
import { complaint, placeOf, TEXT } from '../../helpers/scenario.ts';

describe('the name space of nodes', () => {
  test.each([
    ['fcf-A', 'the switch of fabric A', 'fabrics.0.name', 'A, vlan'],
    ['array', 'the array', 'array.name', 'ports: [A, A, B, B]'],
    ['mover', 'what makes the move', 'move', 'vm: vm1'],
  ])('a host named %s', (name, other, path, piece) => {
    const text = TEXT.replaceAll('name: h2', `name: ${name}`).replace('to: h2', `to: ${name}`);
    const { message, at } = complaint(text);
    const place = path === 'array.name' ? 'by default' : placeOf(text, piece);
    expect(message).toMatch(/^x\.yaml:\d+:\d+: /);
    expect(message.replace(/^x\.yaml:\d+:\d+: /, '')).toBe(
      `the name ${name} is there twice: a host, and ${other} (${path}: ${place})`,
    );
    expect(at).toMatch(new RegExp(`^${name}`));
  });

  test('an array named as a switch', () => {
    const text = TEXT.replace('array:\n', 'array:\n  name: fcf-B\n');
    const { message, at } = complaint(text);
    expect(message).toMatch(
      /fcf-B is there twice: the array, and the switch of fabric B \(fabrics/,
    );
    expect(at).toBe('fcf-B');
  });

  test('two hosts of one name: both places', () => {
    const text = TEXT.replace('name: h2', 'name: h1');
    const { message, at } = complaint(text);
    expect(message).toMatch(/the name h1 is there twice: a host, and a host \(hosts\.0\.name: x/);
    expect(at).toMatch(/^h1/);
  });

  test.each(['array', 'disks'])('a virtual machine named as the array: %s', (name) => {
    const text = TEXT.replace('array:\n', 'array:\n  name: disks\n').replaceAll(/\bvm1\b/g, name);
    expect(complaint(text).message).toMatch(
      new RegExp(`the name ${name} is there twice: a virtual machine, and `),
    );
  });

  test('cables whose names would be the same', () => {
    const text = TEXT.replace('name: B', 'name: b.0-A')
      .replace('ports: [A, A, B, B]', 'ports: [A, b.0-A]')
      .replace('{ name: h1, ports: [A, B] }', '{ name: x, ports: [b.0-A, A] }')
      .replace('{ name: h2, ports: [A, B] }', '{ name: x.0-b, ports: [A, b.0-A] }')
      .replace('host: h1', 'host: x')
      .replace('to: h2', 'to: x.0-b');
    const { message, at } = complaint(text);
    expect(message).toMatch(
      /x\.0-b\.0-A is there twice: the cable of port 0 of x\.0-b to fabric A, and the cable of port 0 of x to fabric b\.0-A \(hosts\.0\.name: x\.yaml:/,
    );
    expect(at).toMatch(/^x\.0-b, /);
  });

  test('guests and hosts may share a name, and fabrics and hosts', () => {
    const text = TEXT.replaceAll(/\bh1\b/g, 'A').replaceAll(/\bvm1\b/g, 'h2');
    expect(loadScenario(text, 'x.yaml').hosts.map((one) => one.name)).toEqual(['A', 'h2']);
  });
});

test('names are made of what they name', () => {
  expect([switchName('A'), cableName('h1', 0, 'A')]).toEqual(['fcf-A', 'h1.0-A']);
});
