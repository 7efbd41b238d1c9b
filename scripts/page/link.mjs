/**
 * One program out of many files: each a function that returns what the others take of it, in an order in which nobody takes
 * what is not there yet. What stands in a file stays as it is there, so that who has the file need not be given it again.
 *
 * Where a name comes from is followed through all that only hand it on; a file of which nobody takes a name is left out.
 */

/** A file's name in the program. */
const nameOf = ({ number }) => `m${number}`;

/** Links what `entry` needs; `load(path)` gives a `Module`, `resolve(from, path)` the path of what a file names. */
export class Linker {
  /** Modules, those first that take of no other. */
  order = [];
  /** What is taken of packages: by package and name, the members that are asked for. */
  packages = new Map();
  #load;
  #resolve;
  #seen = new Set();
  /** By module: what stands before its text. */
  #heads = new Map();

  constructor(load, resolve) {
    this.#load = load;
    this.#resolve = resolve;
  }

  /** Takes a file in, and all that it needs. */
  async include(path) {
    await this.#include(await this.#load(path));
  }

  /** The program, as texts and as `{module, at, end}` for what stands in files. `packageOf(package, name)` is an expression. */
  parts(packageOf) {
    return this.order.flatMap((module) => {
      const head = this.#heads
        .get(module)
        .map((one) => (typeof one === 'function' ? one(packageOf) : one));
      const given = [...module.taken].map((name) => pair(name, module.exports.get(name)));
      return [
        `const ${nameOf(module)}=(()=>{${head.join('')}`,
        ...bodyOf(module),
        `;return{${given.join()}}})();\n`,
      ];
    });
  }

  async #include(module) {
    if (this.#seen.has(module)) return;
    this.#seen.add(module);
    const head = [];
    const taken = new Map();
    for (const { from, local, name } of module.imports) {
      if (!from.startsWith('.')) {
        this.#ask(from, name, module.membersOf(local));
        head.push((packageOf) => `const ${local}=${packageOf(from, name)};`);
        continue;
      }
      const origin = await this.#originOf(this.#resolve(from, module.path), name);
      if (origin === undefined) throw new TypeError(`${module.path}: ${from} gives no ${name}`);
      if (origin.name === '*') head.push(`const ${local}=${await this.#wholeOf(origin.path)};`);
      else {
        await this.#take(origin);
        taken.set(origin.module, [...(taken.get(origin.module) ?? []), pair(origin.name, local)]);
      }
    }
    for (const [other, names] of taken) head.push(`const{${names.join()}}=${nameOf(other)};`);
    for (const call of module.cuts.filter(({ from }) => from !== undefined))
      call.text = `Promise.resolve(${await this.#wholeOf(this.#resolve(call.from, module.path))})`;
    this.#heads.set(module, head);
    module.number = this.order.push(module) - 1;
  }

  async #take({ module, name }) {
    module.taken.add(name);
    await this.#include(module);
  }

  #ask(from, name, members) {
    const names = this.packages.get(from) ?? new Map();
    this.packages.set(from, names);
    names.set(name, new Set([...(names.get(name) ?? []), ...members]));
  }

  /** The module that declares a name, or `{path, name: '*'}` for all of a file. `undefined`: not from here. */
  async #originOf(path, name) {
    if (name === '*') return { path, name };
    const module = await this.#load(path);
    const found = module.exports.get(name);
    if (typeof found === 'string') return { module, name };
    if (found !== undefined) return this.#originOf(this.#resolve(found.from, path), found.name);
    for (const star of module.stars) {
      const origin = await this.#originOf(this.#resolve(star, path), name);
      if (origin !== undefined) return origin;
    }
    return undefined;
  }

  /** An object of all that a file gives, as an expression. */
  async #wholeOf(path) {
    const members = [];
    // In the order in which such an object has them.
    for (const name of [...(await this.#namesOf(path))].sort()) {
      const origin = await this.#originOf(path, name);
      if (origin.name !== '*') await this.#take(origin);
      members.push(
        `${name}:${origin.name === '*' ? await this.#wholeOf(origin.path) : `${nameOf(origin.module)}.${origin.name}`}`,
      );
    }
    return `({${members.join()}})`;
  }

  async #namesOf(path) {
    const { exports, stars } = await this.#load(path);
    const names = new Set(exports.keys());
    for (const star of stars)
      for (const name of await this.#namesOf(this.#resolve(star, path))) names.add(name);
    return names;
  }
}

/** A member of an object or of a pattern. */
const pair = (name, local) => (name === local ? name : `${name}:${local}`);

function bodyOf(module) {
  const parts = [];
  let from = 0;
  for (const { at, end, text } of module.cuts) {
    if (at > from) parts.push({ module, at: from, end: at });
    if (text !== undefined) parts.push(text);
    from = end;
  }
  return [...parts, { module, at: from, end: module.text.length }].filter(
    (part) => typeof part === 'string' || part.end > part.at,
  );
}
