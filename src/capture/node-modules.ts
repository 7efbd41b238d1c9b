/**
 * Node's own modules where there are any: files, paths, zlib, streams and events.
 *
 * They are asked for when they are used, so that everything else here loads in a page, and no
 * bundler has to put something in their place.
 */

type NodeModules = {
  readonly 'node:events': typeof import('node:events');
  readonly 'node:fs': typeof import('node:fs');
  readonly 'node:path': typeof import('node:path');
  readonly 'node:zlib': typeof import('node:zlib');
  readonly 'node:stream': typeof import('node:stream');
};

/** A module of Node's; `undefined` in a page. */
export function nodeModule<Name extends keyof NodeModules>(
  name: Name,
): NodeModules[Name] | undefined {
  if (typeof process === 'undefined') return undefined;
  return process.getBuiltinModule?.(name) as NodeModules[Name] | undefined;
}

/**
 * Node's files.
 *
 * Errors: `TypeError` in a page, where a path means nothing.
 */
export function nodeFiles(): NodeModules['node:fs'] {
  const files = nodeModule('node:fs');
  if (files === undefined)
    throw new TypeError('a page has no files by path: give a Blob, bytes or a stream');
  return files;
}
